import { shortJson } from '../function/core/severities/problem.ts';
import { atLeast, SEVERITIES, type Severity } from '../function/core/severity.ts';
import type { ConfigProblem } from './checks.ts';
import type { Config, Subscription, Team } from './config.ts';

/** A filter policy on message attributes: any of the values of every key. */
export type FilterPolicy = Readonly<Record<string, readonly string[]>>;

/**
 * What SNS allows of filter policies; it says so only when it is asked to take one.
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
const FILTER_LIMITS = { keys: 5, combinations: 150, bytes: 262_144, perTopic: 200 } as const;

/** The limits of SNS that a filter policy breaks, in words; empty when it may be used. */
export function brokenFilterLimits(policy: FilterPolicy): readonly string[] {
  const figures = {
    keys: Object.keys(policy).length,
    combinations: Object.values(policy).reduce((product, values) => product * values.length, 1),
    bytes: Buffer.byteLength(JSON.stringify(policy)),
  };
  return (Object.keys(figures) as (keyof typeof figures)[])
    .filter((limit) => figures[limit] > FILTER_LIMITS[limit])
    .map((limit) => `${figures[limit]} ${limit}, at most ${FILTER_LIMITS[limit]}`);
}

/** The severities a team hears: its minimum and those above. The values of its filter policies. */
export function severitiesHeard(minimum: Severity): readonly Severity[] {
  return SEVERITIES.filter((severity) => atLeast(severity, minimum));
}

/** What SNS lets through to a team: findings that concern it, from its minimum severity up. */
export function filterPolicyOf({ name, minimumSeverity }: Pick<Team, 'name' | 'minimumSeverity'>) {
  return { team: [name], severity: severitiesHeard(minimumSeverity) } satisfies FilterPolicy;
}

/** The topic a protocol subscribes to: mails, documents for programs, or chat notifications. */
export function topicOf(protocol: Subscription['protocol']): 'alerts' | 'findings' | 'chat' {
  if (protocol === 'email') return 'alerts';
  return protocol === 'chat' ? 'chat' : 'findings';
}

interface Placed {
  readonly pointer: string;
  readonly topic: string;
  readonly subscription: Subscription;
}

/** Subscriptions SNS would refuse, take for one another, or that no message would reach. */
export function subscriptionProblems(config: Config): ConfigProblem[] {
  const { teams, catchAll, operations } = config;
  const placed = [
    ...teams.flatMap(({ subscriptions }, index) => subscriptions.map(placedAt(`/teams/${index}`))),
    ...catchAll.subscriptions.map(placedAt('/catchAll')),
    ...operations.subscriptions.map(placedAt('/operations', 'operations')),
  ];
  return [
    ...filterProblems(config),
    ...chatProblems(config, placed),
    ...twiceProblems(placed),
    ...countProblems(placed),
  ];
}

function placedAt(owner: string, topic?: string) {
  return (subscription: Subscription, index: number): Placed => ({
    pointer: `${owner}/subscriptions/${index}`,
    topic: topic ?? topicOf(subscription.protocol),
    subscription,
  });
}

function filterProblems({ teams }: Config): ConfigProblem[] {
  return teams.flatMap((team, index) =>
    brokenFilterLimits(filterPolicyOf(team)).map((found) => ({
      pointer: `/teams/${index}`,
      found: `a filter policy of ${found.replace(/, .*/, '')}`,
      expected: found.replace(/.*, /, ''),
    })),
  );
}

function chatProblems({ chat }: Config, placed: readonly Placed[]): ConfigProblem[] {
  return placed.flatMap(({ pointer, topic, subscription: { protocol } }) => {
    if (protocol !== 'chat') return [];
    const at = `${pointer}/protocol`;
    if (topic === 'operations') {
      return [{ pointer: at, found: '"chat"', expected: 'email, sqs, https or lambda: operations carries plain text' }];
    }
    return chat
      ? []
      : [{ pointer: at, found: '"chat"', expected: 'another protocol, or "chat": true, which makes its topic' }];
  });
}

// SNS knows one subscription for a topic, protocol and endpoint, and refuses a second one with another filter policy.
// Channels share the one endpoint of Amazon Q Developer.
function twiceProblems(placed: readonly Placed[]): ConfigProblem[] {
  const firstAt = new Map<string, string>();
  return placed.flatMap(({ pointer, topic, subscription: { protocol, endpoint } }) => {
    if (protocol === 'chat') return [];
    const key = JSON.stringify([topic, protocol, protocol === 'email' ? endpoint.toLowerCase() : endpoint]);
    const first = firstAt.get(key);
    firstAt.set(key, first ?? pointer);
    if (first === undefined) return [];
    const expected = `an endpoint subscribed to ${topic} once: ${first} has it, and SNS takes no second filter for it`;
    return [{ pointer: `${pointer}/endpoint`, found: shortJson(endpoint), expected }];
  });
}

function countProblems(placed: readonly Placed[]): ConfigProblem[] {
  const counts = new Map<string, number>();
  for (const { topic } of placed)
    if (topic === 'alerts' || topic === 'findings') counts.set(topic, (counts.get(topic) ?? 0) + 1);
  return [...counts].flatMap(([topic, count]) =>
    count <= FILTER_LIMITS.perTopic
      ? []
      : [
          {
            pointer: '/teams',
            found: `${count} subscriptions to ${topic}, catch-all included`,
            expected: `at most ${FILTER_LIMITS.perTopic}: SNS allows no more filter policies on a topic`,
          },
        ],
  );
}
