import type { SNSClient } from '@aws-sdk/client-sns';
import { SEVERITIES, type Severity } from '../../function/core/severity.ts';
import { UNCLAIMED } from '../../function/core/teams.ts';
import { asking } from './problem.ts';

/** One subscription to a topic. */
export interface FoundSubscription {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly isConfirmed: boolean;
  /** Whom it listens for; empty while it is pending, because SNS then shows no filter policy. */
  readonly listeners: readonly Listener[];
}

/** A team and the least severity it hears. The catch-all listens as `unclaimed`. */
export interface Listener {
  readonly team: string;
  readonly severity: Severity;
}

/** Everyone subscribed to a topic. @see https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
export async function subscriptionsTo(client: SNSClient, topicArn: string): Promise<FoundSubscription[]> {
  const { paginateListSubscriptionsByTopic } = await import('@aws-sdk/client-sns');
  return asking('sns:ListSubscriptionsByTopic', async () => {
    const found: FoundSubscription[] = [];
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn })) {
      for (const { SubscriptionArn = '', Protocol = '', Endpoint = '' } of Subscriptions) {
        // Instead of an ARN, SNS gives `PendingConfirmation` or, for three days, `Deleted`.
        const isConfirmed = SubscriptionArn.startsWith('arn:');
        const listeners = isConfirmed ? await listenersOf(client, SubscriptionArn) : [];
        found.push({ topicArn, protocol: Protocol, endpoint: Endpoint, isConfirmed, listeners });
      }
    }
    return found;
  });
}

async function listenersOf(client: SNSClient, SubscriptionArn: string): Promise<Listener[]> {
  const { GetSubscriptionAttributesCommand } = await import('@aws-sdk/client-sns');
  const { Attributes } = await asking('sns:GetSubscriptionAttributes', () =>
    client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
  );
  const policy: unknown = JSON.parse(Attributes?.['FilterPolicy'] ?? '{}');
  const branches = stringsOf(policy, '$or', (branch): branch is object => typeof branch === 'object');
  return (branches.length > 0 ? branches : [policy]).flatMap(listenersOfBranch);
}

function listenersOfBranch(policy: unknown): Listener[] {
  const isText = (value: unknown) => typeof value === 'string';
  const heard = stringsOf(policy, 'severity', isText);
  const severity = SEVERITIES.find((candidate) => heard.includes(candidate)) ?? 'high';
  const teams = stringsOf(policy, 'team', isText);
  return (teams.length > 0 ? teams : [UNCLAIMED]).map((team) => ({ team, severity }));
}

function stringsOf<T>(policy: unknown, key: string, isWanted: (value: unknown) => value is T): T[] {
  const values =
    typeof policy === 'object' && policy !== null && Object.hasOwn(policy, key) ? policy[key as never] : [];
  return Array.isArray(values) ? (values as unknown[]).filter(isWanted) : [];
}
