import { describe, expect, test } from 'vitest';
import { MB, memoryOfBundle } from './support/memory-of-bundle.ts';
import { eventOf, largeEvent, packed, record } from './support/payloads.ts';

const measure = memoryOfBundle();

/** A real trail's proportions: few records are logged. */
const mixed = (index: number) => (index % 20 === 0 ? 'RunInstances' : 'DescribeInstances');

describe('memory', () => {
  test('of 512 MB is enough for payloads that unpack to all that is allowed', async () => {
    const { event, records } = largeEvent(32 * MB, mixed);
    const { results, peaks } = await measure([event, event]);
    expect(results).toMatchObject(Array(2).fill({ ok: true, response: { received: records, rejected: 0 } }));
    expect(peaks.resident).toBeLessThan(512 * MB);
  });

  test('of 512 MB is enough where letters of other scripts double what text takes', async () => {
    const { event, records } = largeEvent(32 * MB, mixed, { userAgent: 'コンソール' });
    const { results, peaks } = await measure([event, event]);
    expect(results).toMatchObject(Array(2).fill({ ok: true, response: { received: records } }));
    expect(peaks.resident).toBeLessThan(512 * MB);
  });

  test('is not spent on a payload that would unpack to more: it fails, and the next one works', async () => {
    const { results, peaks } = await measure([packed(' '.repeat(64 * MB)), eventOf([record('RunInstances')])]);
    expect(results).toMatchObject([
      { ok: false, error: { errorType: 'DecodeError', errorMessage: expect.stringContaining('MAX_INFLATED_BYTES') } },
      { ok: true, response: { received: 1 } },
    ]);
    expect(peaks.resident).toBeLessThan(192 * MB);
  });

  test('of the heap stays under 128 MB for payloads of 1 MB, packed', async () => {
    const { event } = largeEvent(12 * MB, mixed);
    expect(Buffer.from(event.awslogs.data, 'base64').length).toBeGreaterThan(MB);
    const { results, peaks } = await measure([event, event, event]);
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(peaks.heap).toBeLessThan(128 * MB);
  });
});
