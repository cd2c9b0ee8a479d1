import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { classifyCommand } from '../../cli/classify.ts';
import { classify } from '../../function/core/classify.ts';
import { readMessage } from '../../function/core/record.ts';
import { cloudwatchLogs } from '../../function/sources/cloudwatch-logs.ts';
import { runCommand } from '../cli/command-line.ts';
import { folderOf } from '../cli/temporary-folder.ts';
import { shippedPolicy } from '../noise/shipped.ts';
import { eventOf, packed, record } from '../support/payloads.ts';

const policy = await shippedPolicy();
const STOP = record('StopLogging', {
  eventSource: 'cloudtrail.amazonaws.com',
  requestParameters: { name: 'org' },
  eventID: 'e-1',
});
const QUIET = { eventSource: 'ec2.amazonaws.com', eventName: 'DescribeInstances', readOnly: true };
const LIMITS = { maxInflatedBytes: 1024 * 1024, region: 'eu-central-1' };

/** The same record with members written before, or after, its own. */
const before = (members: object) => `{${inside(members)},${inside(STOP)}}`;
const after = (members: object) => `{${inside(STOP)},${inside(members)}}`;
const inside = (value: object) => JSON.stringify(value).slice(1, -1);

const TEXTS: readonly (readonly [string, string, string])[] = [
  ['the names of a quiet call first', before(QUIET), 'critical'],
  ['the names of a quiet call last', after(QUIET), 'informational'],
  [
    'a refusal that the last one takes back',
    after({ errorCode: 'Throttling' }).replace(/}$/, ',"errorCode":null}'),
    'critical',
  ],
  ['a name in escapes, first', before({}).replace('{,', '{"event\\u004eame":"DescribeInstances",'), 'critical'],
  ['a name in escapes, last', after({}).replace(/,}$/, ',"event\\u004eame":"DescribeTrails"}'), 'informational'],
  [
    'keys that differ in case only',
    after({ EventName: 'DescribeInstances', eventname: 'Decrypt', EVENTSOURCE: 'kms' }),
    'critical',
  ],
];

async function byFunction(texts: readonly string[]) {
  return cloudwatchLogs
    .open(eventOf(texts), LIMITS)
    .flatMap(({ records }) => [...records])
    .map(({ read }) => classify(policy, read));
}

async function byCommandLine(file: string, content: string) {
  const folder = await folderOf({ [file]: content });
  const { lines } = await runCommand(classifyCommand, [join(folder, file)]);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('of a key written twice, the last one counts', () => {
  test.each(TEXTS)('%s', (_, text, severity) => {
    const verdict = classify(policy, readMessage(text));
    expect(verdict.severity).toBe(severity);
  });

  test('in the function as on the command line, whatever the file they come in', async () => {
    const texts = TEXTS.map(([, text]) => text);
    const severities = TEXTS.map(([, , severity]) => severity);
    const pick = ({ severity }: { readonly severity?: unknown }) => severity;
    expect((await byFunction(texts)).map(pick)).toEqual(severities);
    expect((await byCommandLine('lines.ndjson', texts.join('\n'))).map(pick)).toEqual(severities);
    expect((await byCommandLine('file.json', `{"Records":[${texts.join(',')}]}`)).map(pick)).toEqual(severities);
    expect((await byCommandLine('event.json', JSON.stringify(eventOf(texts)))).map(pick)).toEqual(severities);
  });

  test('and of the keys around records too, so that no reader sees records that another does not', () => {
    const text = JSON.stringify(STOP);
    const one = `{"message":"x","message":${JSON.stringify(text)}}`;
    const payload = `{"messageType":"CONTROL_MESSAGE","logEvents":[],"messageType":"DATA_MESSAGE","logEvents":[${one}]}`;
    const [delivery] = cloudwatchLogs.open(packed(payload), LIMITS);
    expect(delivery?.kind).toBe('data');
    expect([...(delivery?.records ?? [])].map(({ read }) => classify(policy, read).severity)).toEqual(['critical']);
  });
});
