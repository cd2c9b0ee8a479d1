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
  return [...problems, ...sameTopicProblems(existingTopics)];
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
