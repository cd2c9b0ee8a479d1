import { describe, expect, test } from 'vitest';
import { MB, memoryOfBundle } from './support/memory-of-bundle.ts';
import { eventOf, largeEvent, record } from './support/payloads.ts';

const measure = memoryOfBundle();

describe('memory', () => {
  test('of 512 MB is enough when every record of a payload is published, as many as may come', async () => {
    const { event, records } = largeEvent(32 * MB, () => 'DeleteTransitGateway');
    const { results, peaks } = await measure([event], 120_000);
    expect(results).toMatchObject([{ ok: true, response: { published: records, undelivered: 0 } }]);
    expect(peaks.resident).toBeLessThan(512 * MB);
  });

  test('of 512 MB is enough when each of them has a target, a caller and letters of its own', async () => {
    const distinct = (index: number) => {
      const userName = `user-${index}`;
      return record('DeleteTransitGateway', {
        eventID: `distinct-${index}`,
        requestParameters: { transitGatewayId: `tgw-${index}-${'コ'.repeat(250)}` },
        userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::123456789012:user/${userName}`, userName },
      });
    };
    const bytes = Buffer.byteLength(JSON.stringify(JSON.stringify(distinct(10_000)))) + 80;
    const records = Math.floor((31 * MB) / bytes);
    const event = eventOf(Array.from({ length: records }, (_, index) => distinct(index)));
    const { results, peaks } = await measure([event], 120_000);
    expect(results).toMatchObject([{ ok: true, response: { published: records, undelivered: 0 } }]);
    expect(peaks.resident).toBeLessThan(512 * MB);
  });
});
