import { describe, expect, test } from 'vitest';
import { forwardFiguresOf, newForwardTally } from '../../function/forwarding/tally.ts';
import { indexFigures, newIndexTally } from '../../function/indexing/tally.ts';
import { figuresOf, newTally } from '../../function/tally.ts';
import {
  FORWARD_ALARMS,
  INDEX_ALARMS,
  OBJECT_ALARMS,
  SENDER_ALARMS,
  WORKER_ALARMS,
} from '../../infra/reader-alarms.ts';
import type { ToolAlarm } from '../../infra/tool-alarms.ts';
import { type Attributes, resolve, resources } from './iam.ts';
import { sectionRows } from './readme-tables.ts';
import { synthesise, type WholeStack, wholeConfig } from './synth.ts';

const ALL = [...OBJECT_ALARMS, ...SENDER_ALARMS, ...FORWARD_ALARMS, ...INDEX_ALARMS, ...WORKER_ALARMS];
const everything = synthesise(
  wholeConfig({
    alerts: { from: ['log-group', 'bucket', 'destination'], senderAccountIds: ['123456789012'] },
    forwarder: {},
    indexer: { endpoint: 'https://index.example.com', authorization: 'none' },
    workerQueue: {},
  }),
);
const alarmsOf = (stack: WholeStack) =>
  new Map(
    [...resources(stack, 'aws_cloudwatch_metric_alarm').values()].map((alarm) => [
      String(alarm['alarm_name']).replace('trailbell-', ''),
      alarm,
    ]),
  );
const made = alarmsOf(everything);

describe('the alarms of what reads files', () => {
  test('are all made where everything is on, and none where nothing is', () => {
    for (const { id } of ALL) expect([...made.keys()]).toContain(id);
    const none = alarmsOf(synthesise(wholeConfig()));
    for (const { id } of ALL) expect([...none.keys()]).not.toContain(id);
  });

  test('go to operations by names of their own', () => {
    expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length);
    for (const { id } of ALL) {
      expect(made.get(id)!['alarm_actions']).toEqual([expect.stringContaining('aws_sns_topic.topics_operations')]);
    }
  });

  test.each(ALL.map((alarm) => [alarm.id, alarm] as const))('%s watches something that is there', (id, { of }) => {
    const [name] = Object.values(made.get(id)!['dimensions'] as Attributes).map((value) =>
      resolve(everything, String(value)),
    );
    const type = {
      stream: 'aws_kinesis_stream',
      queue: 'aws_sqs_queue',
      failed: 'aws_sqs_queue',
      refused: 'aws_sqs_queue',
    };
    const names =
      of === 'function' || of === 'figures'
        ? [...resources(everything, 'aws_lambda_function').values()].map((each) => each['function_name'])
        : [...resources(everything, type[of]).values()].map((each) => each['name']);
    expect(names).toContain(name);
  });

  test('watch figures that the functions emit', () => {
    const now = new Date('2026-11-20T10:00:00Z');
    const alert = figuresOf({ ...newTally(), objectsRead: 1 }, []);
    const emitted: readonly (readonly [readonly ToolAlarm[], Record<string, number>])[] = [
      [OBJECT_ALARMS, alert],
      [FORWARD_ALARMS, forwardFiguresOf(newForwardTally(), now)],
      [INDEX_ALARMS, indexFigures(newIndexTally(), { sent: 0, retried: 0 }, now)],
    ];
    for (const [alarms, figures] of emitted) {
      for (const { of, metric } of alarms) if (of === 'figures') expect(Object.keys(figures)).toContain(metric);
    }
  });

  test('watch, for every reader, errors, what waits, what failed for good, and files that are gone', () => {
    const watched = {
      objects: ['missing', 'waiting', 'dead-letters'],
      forward: ['errors', 'missing', 'waiting', 'dead-letters'],
      index: ['errors', 'missing', 'waiting', 'dead-letters'],
      worker: ['waiting', 'dead-letters'],
    };
    for (const [reader, ids] of Object.entries(watched)) {
      for (const id of ids) expect([...made.keys()], `${reader}-${id}`).toContain(`${reader}-${id}`);
    }
    // The alert function's errors, and the worker's own, are told of elsewhere.
    expect([...made.keys()]).toContain('function-errors');
  });

  test('take silence for trouble only where silence is what they look for', () => {
    for (const { id, below } of ALL) {
      expect(made.get(id)).toMatchObject({
        treat_missing_data: below ? 'breaching' : 'notBreaching',
        comparison_operator: below ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
      });
    }
    expect(ALL.filter(({ id }) => id.endsWith('-silent')).every(({ below, periods }) => below && periods === 12)).toBe(
      true,
    );
  });

  test('are in infra/README.md, with what to do first', () => {
    expect(sectionRows('Alarms of what reads files')).toEqual(
      ALL.map(({ id, means, first }) => [`\`${id}\``, means, first]),
    );
  });
});
