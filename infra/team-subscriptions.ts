import { createHash } from 'node:crypto';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import { Construct } from 'constructs';
import { filterPolicyOf, severitiesHeard, topicOf } from './check-subscriptions.ts';
import type { Config, Subscription } from './config.ts';
import { denyWithoutTls } from './deny-without-tls.ts';
import type { Names } from './names.ts';
import type { Topics } from './topics.ts';

export interface TeamSubscriptionsProps {
  readonly config: Config;
  readonly names: Names;
  readonly topics: Pick<Topics, 'alerts' | 'findings' | 'chat' | 'operations'>;
  readonly alertKeyArn: string;
  readonly operationsKeyArn: string;
}

/** One subscription and who asked for it. */
interface Subscribed {
  /** Team, `catch-all`, `operations` or `chat`: part of names and ids. */
  readonly owner: string;
  readonly protocol: Exclude<Subscription['protocol'], 'chat'>;
  readonly endpoint: string;
  readonly topicArn: string;
  readonly keyArn: string;
  /** @default every message */
  readonly filter?: object;
}

interface Filter {
  /** @default every team's, and nobody's */
  readonly team?: readonly string[];
  readonly severity: readonly string[];
}

/** Where Amazon Q Developer in chat applications listens, whatever the channel: one subscription a topic. */
const CHAT_ENDPOINT = 'https://global.sns-api.chatbot.amazonaws.com';

/** The longest SQS keeps a message. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const FOURTEEN_DAYS = 14 * 24 * 60 * 60;

/**
 * Subscribes the teams, the catch-all and operations, each with a dead-letter queue of its own. A team hears findings of
 * its own from its minimum severity on, the catch-all every high and critical one, operations everything of its topic.
 * Nothing waits for a confirmation: an address is pending until its owner confirms. Queues and functions that subscribe
 * must let `sns.amazonaws.com` in by their own policies.
 * @throws {Error} when a chat subscription has no chat topic
 */
export class TeamSubscriptions extends Construct {
  /** In the order of the configuration, for the alarms on what arrives there. */
  readonly deadLetterQueueNames: readonly string[];

  constructor(scope: Construct, id: string, props: TeamSubscriptionsProps) {
    super(scope, id);
    this.deadLetterQueueNames = subscribed(props).map((subscription) => this.#subscribe(props.names, subscription));
  }

  #subscribe({ prefix }: Names, subscription: Subscribed): string {
    const { owner, protocol, endpoint, topicArn, keyArn, filter } = subscription;
    const id = `${owner}-${protocol}-${shortHash(endpoint)}`;
    const name = queueName(prefix, subscription);
    const queue = new SqsQueue(this, `${id}-undelivered`, {
      name,
      kmsMasterKeyId: keyArn,
      messageRetentionSeconds: FOURTEEN_DAYS,
    });
    const policy = new SqsQueuePolicy(this, `${id}-undelivered-policy`, {
      queueUrl: queue.url,
      policy: queuePolicy(queue.arn, topicArn),
    });
    new SnsTopicSubscription(this, id, {
      topicArn,
      protocol,
      endpoint,
      ...(filter === undefined ? {} : { filterPolicy: JSON.stringify(filter), filterPolicyScope: 'MessageAttributes' }),
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: queue.arn }),
      dependsOn: [policy],
    });
    return name;
  }
}

function subscribed({ config, topics, alertKeyArn, operationsKeyArn }: TeamSubscriptionsProps): readonly Subscribed[] {
  const listeners: readonly { owner: string; filter: Filter; subscriptions: readonly Subscription[] }[] = [
    ...config.teams.map((team) => ({
      owner: team.name,
      subscriptions: team.subscriptions,
      filter: filterPolicyOf(team),
    })),
    { owner: 'catch-all', subscriptions: config.catchAll.subscriptions, filter: { severity: severitiesHeard('high') } },
  ];
  const channels: Filter[] = [];
  const subscriptions: Subscribed[] = [];
  for (const { owner, filter, subscriptions: own } of listeners) {
    for (const { protocol, endpoint } of own) {
      const topicArn = topics[topicOf(protocol)];
      if (topicArn === undefined) throw new Error(`${owner} subscribes ${endpoint}, expected "chat": true`);
      if (protocol === 'chat') channels.push(filter);
      else subscriptions.push({ owner, protocol, endpoint, topicArn, keyArn: alertKeyArn, filter });
    }
  }
  if (topics.chat !== undefined && channels.length > 0) {
    subscriptions.push({
      owner: 'chat',
      protocol: 'https',
      endpoint: CHAT_ENDPOINT,
      topicArn: topics.chat,
      keyArn: alertKeyArn,
      filter: eitherOf(channels),
    });
  }
  for (const { protocol, endpoint } of config.operations.subscriptions) {
    if (protocol === 'chat') throw new Error(`operations subscribes ${endpoint}, expected another protocol than chat`);
    subscriptions.push({
      owner: 'operations',
      protocol,
      endpoint,
      topicArn: topics.operations,
      keyArn: operationsKeyArn,
    });
  }
  return subscriptions;
}

/** One policy for all: whoever hears the same severities shares a clause, and one without a team needs no other beside it. */
function eitherOf(filters: readonly Filter[]): object {
  const teamsBySeverities = new Map<string, readonly string[] | undefined>();
  for (const { team, severity } of filters) {
    const key = JSON.stringify(severity);
    const others = teamsBySeverities.has(key) ? teamsBySeverities.get(key) : [];
    teamsBySeverities.set(key, team === undefined || others === undefined ? undefined : [...others, ...team]);
  }
  const clauses = [...teamsBySeverities].map(([key, team]) => ({
    ...(team && { team }),
    severity: JSON.parse(key) as readonly string[],
  }));
  return clauses.length === 1 ? clauses[0]! : { $or: clauses };
}

/**
 * At most 80 characters, as SQS allows: a long owner is cut. The hash at the end tells it from others, and team `b` of
 * stack `x-a` from team `a-b` of stack `x`.
 */
function queueName(prefix: string, { owner, protocol, endpoint }: Subscribed): string {
  return `${`${prefix}-${owner}-${protocol}`.slice(0, 71)}-${shortHash(`${prefix} ${owner} ${protocol} ${endpoint}`)}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function queuePolicy(queueArn: string, topicArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      denyWithoutTls('sqs', queueArn),
      {
        Sid: 'TopicLeavesUndelivered',
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      },
    ],
  });
}
