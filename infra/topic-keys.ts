import type { Construct } from 'constructs';
import type { Names } from './names.ts';
import type { Place } from './place.ts';
import { TopicKey } from './topic-key.ts';
import type { Publishers } from './topics.ts';

export interface TopicKeysProps extends Publishers {
  readonly names: Names;
  readonly place: Place;
}

/** The two keys of the topics: operations has its own, so that a broken alert key cannot silence its alarm. */
export function topicKeys(
  scope: Construct,
  { names, place, functionRoleArn, digestRoleArn }: TopicKeysProps,
): { readonly alertKey: TopicKey; readonly operationsKey: TopicKey } {
  return {
    alertKey: new TopicKey(scope, 'alert-key', {
      place,
      publisherRoleArns: [functionRoleArn, ...(digestRoleArn === undefined ? [] : [digestRoleArn])],
      alias: `${names.prefix}-alerts`,
      description: 'Topics of findings and the queues of what their subscribers missed',
      servicePrincipals: ['sns.amazonaws.com'],
    }),
    operationsKey: new TopicKey(scope, 'operations-key', {
      place,
      publisherRoleArns: [functionRoleArn],
      alias: `${names.prefix}-operations`,
      description: 'The topic of the pipeline itself',
      servicePrincipals: ['sns.amazonaws.com', 'cloudwatch.amazonaws.com'],
    }),
  };
}
