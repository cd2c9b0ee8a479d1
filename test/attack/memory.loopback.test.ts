import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildBundle, bundleEnvironment } from '../support/bundle.ts';
import { measureMemory } from '../support/memory.ts';
import { type SnsStub, startSnsStub } from '../support/sns-stub.ts';
import { SWELLING, swollen } from './swollen.ts';

const MB = 1024 * 1024;
let bundle: Awaited<ReturnType<typeof buildBundle>>;
let stub: SnsStub;

beforeAll(async () => {
  bundle = await buildBundle();
  stub = await startSnsStub();
});

afterAll(async () => {
  bundle.remove();
  await stub.close();
});

describe('records swollen with', () => {
  test.each(SWELLING.slice(0, 1))(
    '%s fit into 512 MB, as many as a payload holds, while they wait to be counted',
    async (_, unit) => {
      const { event, records } = swollen('DeleteVolume', 'ec2.amazonaws.com', unit);
      const { results, peaks } = await measureMemory({
        taskRoot: bundle.taskRoot,
        environment: bundleEnvironment(stub.endpoint),
        events: [event],
        memoryMb: 512,
        timeoutMs: 55_000,
      });
      expect(results).toMatchObject([{ ok: true, response: { received: records, rejected: 0 } }]);
      expect(peaks.resident).toBeLessThan(512 * MB);
    },
  );
});
