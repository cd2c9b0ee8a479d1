import { shortJson } from '../function/core/severities/problem.ts';
import type { ConfigProblem } from './checks.ts';
import type { Config } from './config.ts';
import { readersToTell, tellerOf } from './object-readers.ts';

/** Sources of alerts that bring nothing, or that their settings contradict; outputs of the indexer that could not let it in. */
export function toolProblems(config: Config): ConfigProblem[] {
  return [...sourceProblems(config), ...logGroupProblems(config), ...viaProblems(config), ...indexerProblems(config)];
}

function sourceProblems({ alerts }: Config): ConfigProblem[] {
  const { from, senderAccountIds, queueArn, via } = alerts;
  const problems: ConfigProblem[] = [];
  const say = (pointer: string, found: string, expected: string) =>
    problems.push({ pointer: `/alerts/${pointer}`, found, expected });
  if (new Set(from).size < from.length) say('from', shortJson(from), 'each source once');
  if (from.includes('destination') !== senderAccountIds.length > 0) {
    const expected = from.includes('destination')
      ? 'the accounts whose log groups may send to the destination'
      : 'nothing, or "destination" in alerts.from';
    say('senderAccountIds', shortJson(senderAccountIds), expected);
  }
  if (!from.includes('bucket') && via !== 'queue') say('via', shortJson(via), '"bucket" in alerts.from');
  if (queueArn !== undefined && (!from.includes('bucket') || via !== 'queue')) {
    say('queueArn', shortJson(queueArn), 'nothing, or "bucket" in alerts.from and "via": "queue"');
  }
  return problems;
}

/** What belongs to the subscription of a log group. */
function logGroupProblems({ trail, alerts, delivery, pushdown, metricAlarms }: Config): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (trail === 'none' && alerts.from.includes('log-group')) {
    const expected = '"bucket" or "destination" alone: without a trail there is no log group';
    problems.push({ pointer: '/alerts/from', found: shortJson(alerts.from), expected });
  }
  if (!alerts.from.includes('log-group')) {
    const expected = '"log-group" in alerts.from: it says how that is read';
    if (delivery !== 'direct') problems.push({ pointer: '/delivery', found: shortJson(delivery), expected });
    if (pushdown) problems.push({ pointer: '/pushdown', found: 'true', expected });
  }
  if (trail === 'none' && (metricAlarms.cis || metricAlarms.extended)) {
    const expected = 'nothing: metric filters are on a log group, and without a trail there is none';
    problems.push({ pointer: '/metricAlarms', found: shortJson(metricAlarms), expected });
  }
  return problems;
}

function viaProblems(config: Config): ConfigProblem[] {
  const { alerts } = config;
  if (!alerts.from.includes('bucket') || alerts.via === 'queue') return [];
  const teller = tellerOf(config);
  const wrong = (expected: string) => [{ pointer: '/alerts/via', found: shortJson(alerts.via), expected }];
  if (alerts.via === 'topic') return teller === 'rule' ? wrong('"queue" or "direct": a rule tells, and no topic') : [];
  if (teller === 'topic') return wrong('"queue" or "topic": objects.topicArn tells');
  const others = readersToTell(config).filter((reader) => reader !== 'alerts');
  if (teller === 'rule' || others.length === 0) return [];
  return wrong(`"queue" or "topic": ${others.join(', ')} must be told too, and S3 tells of one file once`);
}

function indexerProblems({ indexer }: Config): ConfigProblem[] {
  if (indexer === undefined) return [];
  const { authorization, targetArn, secretArn, secretKeyArn } = indexer;
  const problems: ConfigProblem[] = [];
  const say = (setting: string, value: string | undefined, expected: string) =>
    problems.push({
      pointer: `/indexer/${setting}`,
      found: value === undefined ? 'nothing' : shortJson(value),
      expected,
    });
  const service = targetArn?.split(':')[2];
  if (authorization === 'es' || authorization === 'aoss') {
    const what = authorization === 'es' ? 'domain' : 'serverless collection';
    if (service !== authorization) say('targetArn', targetArn, `the ARN of the ${what}`);
  } else if (targetArn !== undefined) say('targetArn', targetArn, 'nothing: nothing is signed for it');
  if ((authorization === 'secret') !== (secretArn !== undefined)) {
    say(
      'secretArn',
      secretArn,
      authorization === 'secret' ? 'the ARN of the secret' : 'nothing, or "authorization": "secret"',
    );
  }
  if (secretKeyArn !== undefined && secretArn === undefined)
    say('secretKeyArn', secretKeyArn, 'nothing without secretArn');
  return problems;
}
