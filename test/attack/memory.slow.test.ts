import { describe, expect, test } from 'vitest';
import { MB, memoryOfBundle } from '../support/memory-of-bundle.ts';
import { SWELLING, swollen } from './swollen.ts';

const measure = memoryOfBundle();

describe('records swollen with', () => {
  test.each(SWELLING)('%s fit into 512 MB, as many as a payload holds, while they wait to be sent', async (_, unit) => {
    const { event, records } = swollen('DeleteTrail', 'cloudtrail.amazonaws.com', unit);
    const { results, peaks } = await measure([event], 120_000);
    expect(results).toMatchObject([{ ok: true, response: { received: records, rejected: 0 } }]);
    expect(peaks.resident).toBeLessThan(512 * MB);
  });
});
