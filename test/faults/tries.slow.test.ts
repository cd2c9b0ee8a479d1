import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault, FaultScript } from '../support/fault-proxy.ts';
import { always, at, healthy, together, type Where } from '../support/fault-scripts.ts';
import { FaultLab } from './lab.ts';
import { type Sample, sampleOf } from './sample.ts';
import { type FaultStack, TOPICS } from './stack.ts';

const FINDINGS = 30;
/** Of a topic, when a process is killed: the batch on its way, and the one before it when its mark is not yet written. */
const IN_HAND = 2 * 10 * TOPICS.length;

const SNS: Where = { service: 'sns', action: 'PublishBatch' };
const SQS: Where = { service: 'sqs', action: 'SendMessageBatch' };
const LEDGER: Where = { service: 'dynamodb' };
const REFUSED: Fault = { kind: 'refuse', code: 'AuthorizationError' };
const DOWN: Fault = { kind: 'reset', after: false };

let lab: FaultLab;

beforeAll(async () => {
  lab = await FaultLab.open();
});

afterAll(async () => {
  const lines = await lab.close();
  process.stdout.write(`${[`faults tried: ${lines.length}`, ...lines.toSorted()].join('\n')}\n`);
});

function withStack(
  name: string,
  sample: Sample,
  script: FaultScript,
  work: (stack: FaultStack) => Promise<unknown>,
): Promise<{ readonly stack: FaultStack; readonly repeats: number }> {
  return lab.run(script, async (stack) => {
    await work(stack);
    const { lost, repeats } = await lab.settle(name, stack, sample);
    expect(lost).toEqual([]);
    expect(stack.tries.map(({ errorType }) => errorType)).not.toContain('Sandbox.Timedout');
    return { stack, repeats };
  });
}

/** The process is gone at the `number`-th such call, which the server has taken or not. */
const killed = (stack: FaultStack, number: number, where: Where, after: boolean) =>
  at(number, where, { kind: 'silence', after, meanwhile: () => void stack.kill() });

/** A function that gives up on its ledger, as on a busy machine it may, does not make the call at which it would be killed. */
function wasKilledOnce(stack: FaultStack): void {
  const killed = stack.tries.filter(({ errorType }) => errorType === 'Runtime.ExitError').length;
  expect(killed).toBe((stack.figures['ledgerFailures'] ?? 0) > 0 ? Math.min(killed, 1) : 1);
  expect(stack.tries.at(-1)?.errorType).toBeUndefined();
}

/** When the process is killed: at which call, taken or not; and what else is wrong. */
interface Kill {
  readonly when: string;
  readonly number: number;
  readonly where: Where;
  readonly after: boolean;
  readonly script: FaultScript;
}

const KILLS = (
  [
    ['while it claims', 10, { ...LEDGER, action: 'PutItem' }, true],
    ['with the first batch on its way', 1, { ...SNS, target: '-findings' }, false],
    ['with the first batch taken', 1, { ...SNS, target: '-findings' }, true],
    ['with the second batch on its way', 2, { ...SNS, target: '-findings' }, false],
    ['with the second batch taken', 2, { ...SNS, target: '-findings' }, true],
    ['with the last batch taken', 3, { ...SNS, target: '-findings' }, true],
    ['before it can mark what was sent', 1, { ...LEDGER, action: 'BatchWriteItem' }, false],
    ['while it hands over, a batch on its way', 2, SQS, false, always(SNS, REFUSED)],
    ['while it hands over, a batch taken', 2, SQS, true, always(SNS, REFUSED)],
    ['with the second batch taken and no ledger', 2, { ...SNS, target: '-findings' }, true, always(LEDGER, DOWN)],
  ] as readonly (readonly [string, number, Where, boolean, FaultScript?])[]
).map(([when, number, where, after, script = healthy]): Kill => ({ when, number, where, after, script }));

describe('every finding arrives although the function is killed', () => {
  test.each(KILLS)('$when, and Lambda tries again', async ({ when, number, where, after, script }) => {
    const sample = sampleOf(when, FINDINGS);
    const { stack, repeats } = await withStack(`killed ${when}, tried again`, sample, script, async (one) => {
      one.proxy.script = together(killed(one, number, where, after), script);
      await one.deliver(sample.event);
    });
    wasKilledOnce(stack);
    expect(new Set(stack.tries.map(({ requestId }) => requestId)).size).toBe(1);
    expect(repeats).toBeLessThanOrEqual(Math.max(IN_HAND, stack.repeatsAllowed(FINDINGS)));
  });

  test.each(KILLS)('$when, and the event comes again', async ({ when, number, where, after, script }) => {
    const sample = sampleOf(`${when} again`, FINDINGS);
    const { stack, repeats } = await withStack(`killed ${when}, delivered again`, sample, script, async (one) => {
      one.proxy.script = together(killed(one, number, where, after), script);
      await one.deliver(sample.event, 0, 1);
      await one.deliver(sample.event);
    });
    wasKilledOnce(stack);
    expect(repeats).toBeLessThanOrEqual(Math.max(IN_HAND, stack.repeatsAllowed(FINDINGS)));
  });
});

describe('every finding arrives, and few twice,', () => {
  test('when an event is delivered again', async () => {
    const sample = sampleOf('again', FINDINGS);
    const { stack, repeats } = await withStack('delivered twice', sample, healthy, async (one) => {
      await one.deliver(sample.event);
      await one.deliver(sample.event);
    });
    expect(repeats).toBeLessThanOrEqual(stack.repeatsAllowed(FINDINGS));
  });

  test('when an event is delivered again, and the ledger is down', async () => {
    const sample = sampleOf('again, down', FINDINGS);
    const script = always(LEDGER, DOWN);
    const { repeats } = await withStack('delivered twice without a ledger', sample, script, async (one) => {
      await one.deliver(sample.event);
      await one.deliver(sample.event);
    });
    expect(repeats).toBeLessThanOrEqual(FINDINGS * TOPICS.length);
  });

  test.each<[number, string, FaultScript]>([
    [5, '', healthy],
    [30, '', healthy],
    [5, ' while SNS is slow', always(SNS, { kind: 'slow', milliseconds: 400 })],
    [30, ' while SNS is slow', always(SNS, { kind: 'slow', milliseconds: 400 })],
    [5, ' while SNS throttles', at(1, SNS, { kind: 'refuse', code: 'Throttled' })],
    [30, ' while SNS refuses', always(SNS, REFUSED)],
    [5, ' while the ledger is slow', always(LEDGER, { kind: 'slow', milliseconds: 60 })],
    [30, ' without a ledger', always(LEDGER, DOWN)],
  ])('when two functions have the same %i findings at once%s', async (findings, how, script) => {
    const sample = sampleOf(`at once ${findings} ${how}`, findings);
    const name = `two at once have ${findings} findings${how}`;
    const { stack, repeats } = await withStack(name, sample, healthy, async (one) => {
      for (const lane of [0, 1]) await one.deliver(sampleOf(`warm ${lane}`, 1).event, lane);
      one.proxy.script = script;
      await Promise.all([one.deliver(sample.event, 0), one.deliver(sample.event, 1)]);
    });
    const said = stack.figures['possiblyRepeated'] ?? 0;
    expect(repeats).toBeLessThanOrEqual(said + stack.repeatsAllowed(findings));
    expect(repeats).toBeLessThanOrEqual(findings * TOPICS.length + stack.proxy.untold);
  });

  test.each<[string, FaultScript]>([
    ['', healthy],
    [' while SNS refuses', always(SNS, REFUSED)],
    [' while everything is down', together(always(SNS, DOWN), always(SQS, DOWN), always(LEDGER, DOWN))],
  ])('when records are larger than a message may be%s', async (how, script) => {
    const sample = sampleOf(`large${how}`, 4, 300_000);
    const { stack, repeats } = await withStack(`records of 300 KB${how}`, sample, script, (one) =>
      one.deliver(sample.event),
    );
    expect(repeats).toBeLessThanOrEqual(stack.repeatsAllowed(4));
    expect(stack.proxy.calls['sns too long'] ?? 0).toBe(0);
    expect(stack.proxy.calls['sqs too long'] ?? 0).toBe(0);
  });
});
