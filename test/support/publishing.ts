import { expect } from 'vitest';
import { type Fate, type Outgoing, publishAll } from '../../function/sinks/publisher.ts';
import { topicArn, within } from './environment.ts';
import { type StubScript, startSnsStub } from './sns-stub.ts';

/** The topic that {@link publish} sends to. */
export const ARN = topicArn('findings');

/** Messages under the keys `k0`, `k1` and so on. */
export const messages = (count: number, text = (index: number) => `message ${index}`): Outgoing[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `k${index}`,
    render: () => ({ Message: text(index), MessageAttributes: {} }),
  }));

/** Fates by key: the error's code, or `taken`. */
export const codes = (fates: readonly Fate[]) =>
  Object.fromEntries(fates.map(({ key, errorCode }) => [key, errorCode ?? 'taken']));

/** The fates of {@link messages} that all ended alike. */
export const all = (count: number, code: string) => Object.fromEntries(messages(count).map(({ key }) => [key, code]));

/**
 * Publishes to a stub of its own and expects what always holds: a fate for each message, once; no batch over a limit.
 * @param milliseconds until the deadline
 * @param requestTimeout milliseconds the client waits for an answer
 */
export async function publish(
  outgoing: readonly Outgoing[],
  script?: StubScript,
  milliseconds = 5_000,
  requestTimeout?: number,
) {
  const stub = await startSnsStub(script, requestTimeout);
  try {
    const deadline = within(milliseconds);
    const fates = await publishAll(stub.load, ARN, outgoing, deadline);
    expect(fates.map(({ key }) => key).sort()).toEqual(outgoing.map(({ key }) => key).sort());
    for (const { entries } of stub.calls) {
      expect(entries.length).toBeLessThanOrEqual(10);
      expect(new Set(entries.map(({ Id }) => Id)).size).toBe(entries.length);
      expect(entries.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(262_144);
    }
    return { fates, calls: stub.calls, overrun: -deadline.remaining() };
  } finally {
    await stub.close();
  }
}
