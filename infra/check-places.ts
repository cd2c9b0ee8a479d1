import { shortJson } from '../function/core/severities/problem.ts';
import type { ConfigProblem } from './checks.ts';
import type { Config } from './config.ts';

/** ARNs that point out of the stack's Region or accounts where AWS reaches across neither. */
export function placeProblems(config: Config): ConfigProblem[] {
  const { region, allowedAccountIds, assumeRole, existingDataKeyArn, existingTopics } = config;
  const problems: ConfigProblem[] = [];
  const inRegion = { '/existingDataKeyArn': existingDataKeyArn, ...topicPointers(existingTopics) };
  for (const [pointer, arn] of Object.entries(inRegion)) {
    const found = arn?.split(':')[3];
    if (arn !== undefined && found !== region) {
      problems.push({ pointer, found: shortJson(arn), expected: `an ARN in ${region}, the stack's Region` });
    }
  }
  const account = assumeRole?.split(':')[4];
  if (account !== undefined && !allowedAccountIds.includes(account)) {
    const expected = `a role in one of allowedAccountIds (${allowedAccountIds.join(', ')})`;
    problems.push({ pointer: '/assumeRole', found: shortJson(assumeRole), expected });
  }
  return [...problems, ...sameTopicProblems(existingTopics), ...ownerProblems(config)];
}

/**
 * Queues and functions of other accounts: SNS waits until their owners confirm, and Terraform gives up waiting.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
 */
function ownerProblems({ allowedAccountIds, teams, catchAll, operations }: Config): ConfigProblem[] {
  const owners = [
    ...teams.map(({ subscriptions }, index) => ({ at: `/teams/${index}`, subscriptions })),
    { at: '/catchAll', ...catchAll },
    { at: '/operations', ...operations },
  ];
  const expected = `one in allowedAccountIds (${allowedAccountIds.join(', ')}), or https: a subscription across accounts is confirmed by hand`;
  return owners.flatMap(({ at, subscriptions }) =>
    subscriptions.flatMap(({ protocol, endpoint }, index) => {
      if (protocol !== 'sqs' && protocol !== 'lambda') return [];
      if (allowedAccountIds.includes(endpoint.split(':')[4] ?? '')) return [];
      return [{ pointer: `${at}/subscriptions/${index}/endpoint`, found: shortJson(endpoint), expected }];
    }),
  );
}

function topicPointers(topics: Config['existingTopics']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(topics).map(([name, arn]) => [`/existingTopics/${name}`, arn]));
}

function sameTopicProblems(topics: Config['existingTopics']): ConfigProblem[] {
  const firstOf = new Map<string, string>();
  return Object.entries(topics).flatMap(([name, arn]) => {
    if (arn === undefined) return [];
    const first = firstOf.get(arn);
    firstOf.set(arn, first ?? name);
    if (first === undefined) return [];
    const expected = `another topic than ${first}: each carries messages of its own shape`;
    return [{ pointer: `/existingTopics/${name}`, found: shortJson(arn), expected }];
  });
}
