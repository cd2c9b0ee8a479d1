import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';
import type { TopicKey } from './topic-key.ts';

/** Roles that publish; strings, not references: their own policies name the topics. */
export interface Publishers {
  readonly functionRoleArn: string;
  /** Publishes findings' digests; undefined where there is no ledger. */
  readonly digestRoleArn: string | undefined;
}

export interface TopicsProps extends Publishers {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly alertKey: TopicKey;
  readonly operationsKey: TopicKey;
  /** The alarms that may publish to operations: an ARN, `*` allowed. */
  readonly pipelineAlarmArnPattern: string;
}

type TopicName = keyof Names['topics'];

/**
 * The four topics: mails, documents for programs, chat notifications (when asked for) and the pipeline's own alarms,
 * which have a key of their own. Creates nothing for a topic of `existingTopics`.
 */
export class Topics extends Construct {
  readonly alerts: string;
  readonly findings: string;
  readonly chat: string | undefined;
  readonly operations: string;
  /** The policies of the topics that were created: publishers must wait for them. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TopicsProps) {
    super(scope, id);
    const { config, alertKey, operationsKey } = props;
    const { alerts, findings, operations } = config.existingTopics;
    const policies: SnsTopicPolicy[] = [];
    const create = (topic: TopicName, key: TopicKey): string => {
      const { arn } = new SnsTopic(this, topic, {
        name: props.names.topics[topic],
        kmsMasterKeyId: key.arn,
        // SHA-256 in the signatures that HTTPS subscribers check.
        signatureVersion: 2,
      });
      policies.push(new SnsTopicPolicy(this, `${topic}-policy`, { arn, policy: topicPolicy(topic, arn, props) }));
      return arn;
    };
    this.alerts = alerts ?? create('alerts', alertKey);
    this.findings = findings ?? create('findings', alertKey);
    this.chat = config.chat ? create('chat', alertKey) : undefined;
    this.operations = operations ?? create('operations', operationsKey);
    this.dependencies = policies;
  }
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html */
function topicPolicy(topic: TopicName, arn: string, props: TopicsProps): string {
  const { place, functionRoleArn, digestRoleArn, pipelineAlarmArnPattern } = props;
  const isOfFindings = topic !== 'operations' && digestRoleArn !== undefined;
  const publish = { Action: 'sns:Publish', Resource: arn };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        ...publish,
        Sid: 'DenyWithoutTls',
        Effect: 'Deny',
        Principal: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        ...publish,
        Sid: 'FunctionPublishes',
        Effect: 'Allow',
        // SNS refuses a principal that does not exist yet; a condition may name the role before it is made.
        Principal: { AWS: place.globalArn('iam', 'root') },
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': isOfFindings ? [functionRoleArn, digestRoleArn] : functionRoleArn },
        },
      },
      ...(topic === 'operations'
        ? [
            {
              ...publish,
              Sid: 'AlarmsPublish',
              Effect: 'Allow',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
              Condition: {
                StringEquals: { 'aws:SourceAccount': place.account },
                ArnLike: { 'aws:SourceArn': pipelineAlarmArnPattern },
              },
            },
          ]
        : []),
    ],
  });
}
