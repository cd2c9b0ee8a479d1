import { type CloudTrailRecord, isObject, objectAt, textOf } from './record.ts';

/** What the call was made on: the value, and the request parameter it was read from. */
export interface Target {
  readonly parameter: string;
  readonly name: string;
}

/** Most characters of a name in a headline. */
const MAX_SHORT_NAME = 48;

/** The name for a headline: an ARN's last part, cut. */
export function shortName({ name }: Target): string {
  const last = name.startsWith('arn:') ? name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf(':')) + 1) : name;
  return last.length > MAX_SHORT_NAME ? `${last.slice(0, MAX_SHORT_NAME - 1)}…` : last;
}

/**
 * Request parameters that name what a call is about, most telling first. Services spell them in camelCase or
 * PascalCase, so they are compared without case.
 */
const TELLING = [
  'userName',
  'roleName',
  'groupName',
  'bucketName',
  'functionName',
  'keyId',
  'secretId',
  'trailName',
  'dBInstanceIdentifier',
  'dBClusterIdentifier',
  'dBSnapshotIdentifier',
  'tableName',
  'instanceId',
  'groupId',
  'snapshotId',
  'imageId',
  'volumeId',
  'vpcId',
  'streamName',
  'logGroupName',
  'topicArn',
  'queueUrl',
  'clusterName',
  'repositoryName',
  'stackName',
  'detectorId',
  'restApiId',
  'fileSystemId',
  'policyArn',
  'name',
  'arn',
  'resourceArn',
  'id',
].map((name) => name.toLowerCase());

/** No request of AWS has more top-level parameters worth looking at. */
const MAX_PARAMETERS = 200;

/** What the call was made on, from `requestParameters`, else from `resources`; undefined when neither names anything. */
export function targetOf(record: CloudTrailRecord): Target | undefined {
  const parameters = objectAt(record, 'requestParameters');
  if (parameters) {
    let best: { rank: number; target: Target } | undefined;
    for (const key of Object.keys(parameters).slice(0, MAX_PARAMETERS)) {
      const rank = TELLING.indexOf(key.toLowerCase());
      const name = rank < 0 ? undefined : textOf(parameters[key]);
      if (name !== undefined && (best === undefined || rank < best.rank)) {
        best = { rank, target: { parameter: key, name } };
      }
    }
    const found = best?.target ?? firstOfSet(parameters);
    if (found) return found;
  }
  const resources = record['resources'];
  const first: unknown = Array.isArray(resources) ? resources[0] : undefined;
  const arn = isObject(first) ? textOf(first['ARN']) : undefined;
  return arn ? { parameter: 'resources', name: arn } : undefined;
}

/** EC2 wraps lists: `instancesSet: { items: [{ instanceId }] }`. */
function firstOfSet(parameters: CloudTrailRecord): Target | undefined {
  const items = objectAt(parameters, 'instancesSet')?.['items'];
  if (!Array.isArray(items)) return undefined;
  const ids = items.slice(0, 3).flatMap((item) => (isObject(item) ? (textOf(item['instanceId']) ?? []) : []));
  if (ids.length === 0) return undefined;
  const more = items.length - ids.length;
  return { parameter: 'instanceId', name: ids.join(', ') + (more > 0 ? ` and ${more} more` : '') };
}
