import { describe, expect, test } from 'vitest';
import { MB, memoryOfBundle } from '../support/memory-of-bundle.ts';
import { SWELLING, swollen } from './swollen.ts';

const measure = memoryOfBundle();

describe('records swollen with', () => {
  test.each(SWELLING.slice(0, 1))(
    '%s fit into 512 MB, as many as a payload holds, while they wait to be counted',
    async (_, unit) => {
      const { event, records } = swollen('DeleteVolume', 'ec2.amazonaws.com', unit);
      const { results, peaks } = await measure([event], 55_000);
      expect(results).toMatchObject([{ ok: true, response: { received: records, rejected: 0 } }]);
      expect(peaks.resident).toBeLessThan(512 * MB);
    },
  );
});
