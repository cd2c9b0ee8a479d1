import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault, FaultScript } from '../support/fault-proxy.ts';
import { always, healthy } from '../support/fault-scripts.ts';
import { FaultLab } from './lab.ts';
import { sampleOf } from './sample.ts';

/** Milliseconds that a ledger may cost an invocation, whatever it does. @see `function/sinks/ledger/ledger.ts` */
const LEDGER_COSTS = 3_000;
/** Findings of one event: a hundred claims would take longer than they may. */
const FINDINGS = 50;
const WARM = 2;

let lab: FaultLab;

beforeAll(async () => {
  lab = await FaultLab.open();
});

afterAll(async () => {
  await lab.close();
});

describe('a ledger costs at most three seconds when it', () => {
  test.each<[string, Fault]>([
    ['never answers', { kind: 'silence', after: false }],
    ['takes calls and never answers', { kind: 'silence', after: true }],
    ['takes 300 ms for an answer', { kind: 'slow', milliseconds: 300 }],
    ['takes 450 ms for an answer', { kind: 'slow', milliseconds: 450 }],
    ['takes 900 ms for an answer', { kind: 'slow', milliseconds: 900 }],
    ['resets every connection', { kind: 'reset', after: false }],
    ['throttles', { kind: 'refuse', code: 'ProvisionedThroughputExceededException' }],
  ])('%s', async (name, fault) => {
    const measured = (script: FaultScript, environment: Record<string, string | undefined> = {}) =>
      lab.run(
        healthy,
        async (stack) => {
          await stack.deliver(sampleOf(`cold ${name}`, 2).event);
          stack.proxy.script = script;
          for (let time = 0; time < WARM; time++) await stack.deliver(sampleOf(`${name} ${time}`, FINDINGS).event);
          return Math.max(...stack.tries.slice(1).map(({ milliseconds }) => milliseconds));
        },
        { environment },
      );
    const without = await measured(healthy, { LEDGER_TABLE: undefined });
    const costs = (await measured(always({ service: 'dynamodb' }, fault))) - without;
    process.stdout.write(`a ledger that ${name}: ${Math.round(costs)} ms more\n`);
    expect(costs).toBeLessThanOrEqual(LEDGER_COSTS);
  });
});
