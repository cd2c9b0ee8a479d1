import type { Config } from './config.ts';
import { foreignPolicy, letsIn } from './foreign-policy.ts';
import type { Names } from './names.ts';
import { objectArns, objectReaders, ownsBucket } from './object-readers.ts';
import type { Place } from './place.ts';

export interface ForeignPoliciesProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly dataKeyArn: string;
}

/**
 * The policies that owners of a bucket, key, topic or queue that are not the stack's attach, by what they are for: whole
 * documents, whose statements go into the policy that is there. In the stack's own account the roles' policies do for
 * bucket and topic. Each names the stack's account and, by a condition, its roles, which need not exist yet.
 */
export function objectPolicies({ config, names, place, dataKeyArn }: ForeignPoliciesProps): Record<string, string> {
  const readers = objectReaders(config);
  if (readers.length === 0) return {};
  const { alerts, indexer, objects } = config;
  const ofRole = {
    alerts: names.functionRole,
    forwarder: names.forwarder.role,
    indexer: names.indexer.role,
  };
  const roles = readers.flatMap((reader) => (reader === 'workerQueue' ? [] : [ofRole[reader]]));
  const toRoles = letsIn(place);
  const { bucket, files } = objectArns(config, names, place, dataKeyArn);
  const { queues, topic: _ } = names.objects;
  const waiting = [
    ...(readers.includes('alerts') && alerts.via === 'queue' && !alerts.queueArn ? [queues.alerts] : []),
    ...(indexer && !indexer.queueArn ? [queues.index] : []),
    ...(config.workerQueue ? [queues.worker] : []),
  ].map((name) => place.arn('sqs', name));
  const functions = [
    ...(readers.includes('alerts') && alerts.via === 'topic'
      ? [place.arn('lambda', `function:${names.function}:${names.functionAlias}`)]
      : []),
    ...(config.forwarder ? [place.arn('lambda', `function:${names.forwarder.function}`)] : []),
  ];
  const through = { StringEquals: { 'kms:ViaService': viaServices(config, place) } };
  const readsQueue = (sid: string, arn: string, role: string) => ({
    Sid: sid,
    ...toRoles([role]),
    Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    Resource: arn,
  });
  const isForeign = !ownsBucket(config) && roles.length > 0;
  return {
    ...(isForeign && {
      objectBucket: foreignPolicy([
        {
          Sid: 'TrailbellReadsFiles',
          ...toRoles(roles),
          Action: ['s3:GetObject', 's3:GetObjectVersion'],
          Resource: files,
        },
        { Sid: 'TrailbellFindsFiles', ...toRoles(roles), Action: 's3:ListBucket', Resource: bucket },
      ]),
    }),
    ...(objects.keyArns.length > 0 &&
      roles.length > 0 && {
        // Resource "*" in a key policy is the key itself.
        objectKeys: foreignPolicy([
          { Sid: 'TrailbellDecrypts', ...toRoles(roles, through), Action: 'kms:Decrypt', Resource: '*' },
        ]),
      }),
    ...(objects.topicArn !== undefined && {
      objectTopic: foreignPolicy([
        {
          Sid: 'TrailbellSubscribes',
          Effect: 'Allow',
          Principal: { AWS: place.globalArn('iam', 'root') },
          Action: 'sns:Subscribe',
          Resource: objects.topicArn,
          Condition: { StringEquals: { 'sns:Endpoint': [...waiting, ...functions] } },
        },
      ]),
    }),
    ...(readers.includes('alerts') &&
      alerts.queueArn !== undefined && {
        alertsQueue: foreignPolicy([readsQueue('TrailbellReadsNotices', alerts.queueArn, names.functionRole)]),
      }),
    ...(indexer?.queueArn !== undefined && {
      indexerQueue: foreignPolicy([readsQueue('TrailbellReadsNotices', indexer.queueArn, names.indexer.role)]),
    }),
  };
}

function viaServices({ alerts, indexer }: Config, { region, dnsSuffix }: Place): readonly string[] {
  const services = alerts.queueArn === undefined && indexer?.queueArn === undefined ? ['s3'] : ['s3', 'sqs'];
  return services.map((service) => `${service}.${region}.${dnsSuffix}`);
}
