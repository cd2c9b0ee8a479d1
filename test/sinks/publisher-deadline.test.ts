import { describe, expect, test } from 'vitest';
import { publishAll } from '../../function/sinks/publisher.ts';
import { ARN, all, codes, messages, publish } from '../support/publishing.ts';
import { startSnsStub, TAKEN } from '../support/sns-stub.ts';

describe('the deadline', () => {
  test('ends the retries, and what was refused last bears its code', async () => {
    const { fates, calls, overrun } = await publish(messages(2), () => ({ status: 400, code: 'KMSThrottling' }), 1_000);
    expect(codes(fates)).toEqual(all(2, 'KMSThrottlingException'));
    expect(calls.length).toBeGreaterThan(1);
    expect(overrun).toBeLessThan(1_000);
  });

  test('ends a call that is not answered', async () => {
    const { fates, calls, overrun } = await publish(messages(12), () => 'silence', 1_000);
    expect(codes(fates)).toEqual(all(12, 'OutOfTime'));
    expect(calls).toHaveLength(1);
    expect(overrun).toBeLessThan(1_000);
  });

  test('that is past sends nothing', async () => {
    const { fates, calls } = await publish(messages(2), undefined, -1);
    expect(codes(fates)).toEqual(all(2, 'OutOfTime'));
    expect(calls).toHaveLength(0);
  });

  test('reached between batches leaves the later ones unsent and unrendered', async () => {
    let elapsed = 0;
    let renderings = 0;
    const counted = messages(45).map(({ key, render }) => ({
      key,
      render() {
        renderings++;
        return render();
      },
    }));
    const stub = await startSnsStub(() => {
      elapsed += 10_000;
      return TAKEN;
    });
    const fates = await publishAll(stub.load, ARN, counted, { remaining: () => 25_000 - elapsed });
    await stub.close();
    expect(fates.filter(({ errorCode }) => errorCode === undefined)).toHaveLength(30);
    expect(fates.filter(({ errorCode }) => errorCode === 'OutOfTime')).toHaveLength(15);
    expect(stub.calls).toHaveLength(3);
    expect(renderings).toBeLessThanOrEqual(31);
  });

  test('stops nothing that is on its way in time', async () => {
    const { fates } = await publish(
      messages(3),
      (_, index) => (index < 3 ? { status: 500, code: 'InternalError' } : TAKEN),
      10_000,
    );
    expect(codes(fates)).toEqual(all(3, 'taken'));
  });
});
