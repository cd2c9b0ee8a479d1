import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias/index.js';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Place } from './place.ts';

/** The services that use a topic's key: SNS for dead-letter queues, CloudWatch for its alarms. */
export type TopicKeyService = 'sns.amazonaws.com' | 'cloudwatch.amazonaws.com';

export interface TopicKeyProps {
  readonly place: Place;
  /** Without `alias/`. */
  readonly alias: string;
  readonly description: string;
  /** Roles of this account that publish; they need not exist yet. */
  readonly publisherRoleArns: readonly string[];
  readonly servicePrincipals: readonly TopicKeyService[];
}

/**
 * A key for topics and the dead-letter queues of their subscriptions. AWS services cannot publish to a topic under the
 * key AWS manages.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class TopicKey extends Construct {
  readonly arn: string;
  /** What a publisher must wait for. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TopicKeyProps) {
    super(scope, id);
    const { alias, description } = props;
    const key = new KmsKey(this, 'key', {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: keyPolicy(props),
    });
    new KmsAlias(this, 'alias', { name: `alias/${alias}`, targetKeyId: key.keyId });
    this.arn = key.arn;
    this.dependencies = [key];
  }
}

const USE = ['kms:GenerateDataKey*', 'kms:Decrypt'];

function keyPolicy({ place, publisherRoleArns, servicePrincipals }: TopicKeyProps): string {
  const account = { AWS: place.globalArn('iam', 'root') };
  const sources: Readonly<Record<TopicKeyService, { readonly sid: string; readonly arn: string }>> = {
    'sns.amazonaws.com': { sid: 'TopicsFillDeadLetterQueues', arn: place.arn('sns', '*') },
    'cloudwatch.amazonaws.com': { sid: 'AlarmsPublish', arn: place.arn('cloudwatch', 'alarm:*') },
  };
  return JSON.stringify({
    Version: '2012-10-17',
    // Resource "*" in a key policy is the key itself.
    Statement: [
      { Sid: 'AccountAdministersKey', Effect: 'Allow', Principal: account, Action: 'kms:*', Resource: '*' },
      {
        Sid: 'PublishersUseKey',
        Effect: 'Allow',
        // KMS refuses a principal that does not exist yet; a condition may name the role before it is made.
        Principal: account,
        Action: USE,
        Resource: '*',
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': publisherRoleArns },
          StringEquals: { 'kms:ViaService': `sns.${place.region}.${place.dnsSuffix}` },
        },
      },
      ...servicePrincipals.map((service) => ({
        Sid: sources[service].sid,
        Effect: 'Allow',
        Principal: { Service: service },
        Action: USE,
        Resource: '*',
        Condition: {
          StringEquals: { 'aws:SourceAccount': place.account },
          ArnLike: { 'aws:SourceArn': sources[service].arn },
        },
      })),
    ],
  });
}
