import { type CloudTrailRecord, isObject, objectAt, textOf, withoutApiVersion } from './record.ts';

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

/** A parameter with such a name identifies something, if nothing more telling does. */
const IDENTIFIES = /(?:Id|Name|Arn|ARN|Identifier)$/;

/**
 * What the call was made on, from `requestParameters`, else from `resources`; undefined when neither names anything.
 * The parameter named after the event's own noun (`subnetId` of `DeleteSubnet`) comes first, after a
 * `userName`.
 */
export function targetOf(record: CloudTrailRecord): Target | undefined {
  const parameters = objectAt(record, 'requestParameters');
  const noun = nounOf(textOf(record['eventName']) ?? '');
  const found =
    parameters && (targetIn(parameters, noun) ?? firstOfSet(parameters) ?? targetInWrapper(parameters, noun));
  if (found) return found;
  const resources = record['resources'];
  const first: unknown = Array.isArray(resources) ? resources[0] : undefined;
  const arn = isObject(first) ? textOf(first['ARN']) : undefined;
  return arn ? { parameter: 'resources', name: arn } : undefined;
}

/** True when the parameter names the very thing: `bucketName` for a bucket, `instanceId` for instances. */
export function namesThing(parameter: string, thing: string): boolean {
  const stem = parameter.toLowerCase().replace(/(?:name|id|identifier|arn)$/, '');
  return stem !== '' && stem === thing.toLowerCase().replace(/s$/, '');
}

function nounOf(eventName: string): string {
  const name = eventName.slice(0, 128);
  return (withoutApiVersion(name) ?? name).replace(/^[A-Z][a-z]+/, '');
}

function targetIn(parameters: CloudTrailRecord, noun: string): Target | undefined {
  let best: { rank: number; target: Target } | undefined;
  for (const key of Object.keys(parameters).slice(0, MAX_PARAMETERS)) {
    const rank = rankOf(key, noun);
    if (rank === undefined || (best !== undefined && rank >= best.rank)) continue;
    // EC2 writes some values as `{ tag, content }`.
    const name = textOf(parameters[key]) ?? textOf(objectAt(parameters, key)?.['content']);
    if (name !== undefined) best = { rank, target: { parameter: key, name } };
  }
  return best?.target;
}

function rankOf(key: string, noun: string): number | undefined {
  if (key.length > 128) return undefined;
  const rank = TELLING.indexOf(key.toLowerCase());
  // Whose key, password or device it is tells more than its id.
  if (rank !== 0 && namesThing(key, noun)) return 0.5;
  if (rank >= 0) return rank;
  return IDENTIFIES.test(key) ? TELLING.length : undefined;
}

/** EC2 wraps some requests whole: `{ DeleteNatGatewayRequest: { NatGatewayId } }`. */
function targetInWrapper(parameters: CloudTrailRecord, noun: string): Target | undefined {
  const wrapper = Object.keys(parameters)
    .slice(0, MAX_PARAMETERS)
    .find((key) => /Req(?:uest)?$/.test(key));
  const inner = wrapper === undefined ? undefined : objectAt(parameters, wrapper);
  return inner && targetIn(inner, noun);
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
