import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAULTS } from './cases.ts';
import { FaultLab } from './lab.ts';
import { sampleOf } from './sample.ts';
import { type FaultStack, TOPICS } from './stack.ts';

const FINDINGS = 30;
const ENDS = {
  first: { tried: 1, failures: 0 },
  retried: { tried: 2, failures: 0 },
  bucket: { tried: 3, failures: 1 },
} as const;
let lab: FaultLab;

beforeAll(async () => {
  lab = await FaultLab.open();
});

afterAll(async () => {
  const lines = await lab.close();
  process.stdout.write(`${[`faults tried: ${lines.length}`, ...lines.toSorted()].join('\n')}\n`);
});

describe('every finding arrives although', () => {
  test.concurrent.each(FAULTS)('$name', async (fault) => {
    const { name, script, ends = 'first', undelivered = 'none', environment = {} } = fault;
    const sample = sampleOf(name, FINDINGS);
    const work = async (stack: FaultStack) => {
      await stack.deliver(sample.event);
      const kept = await stack.kept();
      const tried = stack.tries.length;
      const received = await lab.settle(name, stack, sample);
      return { stack, kept, tried, received };
    };
    const { stack, kept, tried, received } = await lab.run(script(), work, { environment });
    expect(received.lost).toEqual([]);
    expect(received.repeats).toBeLessThanOrEqual(stack.repeatsAllowed(FINDINGS));
    expect(stack.tries.map(({ errorType }) => errorType)).not.toContain('Sandbox.Timedout');
    if (ends === 'any') return;
    expect({ tried, failures: kept.failures }).toEqual(ENDS[ends]);
    if (ends !== 'first') return;
    if (undelivered === 'none') expect(kept.undelivered).toBe(0);
    else expect(kept.undelivered).toBeGreaterThanOrEqual(undelivered === 'all' ? FINDINGS * TOPICS.length : 1);
  });
});
