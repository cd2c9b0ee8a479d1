import { expect, test } from 'vitest';
import { drain } from '../../../function/draining.ts';
import { newTally } from '../../../function/tally.ts';
import { noSns, POLICY, testEnvironment, within } from '../../support/environment.ts';
import { record } from '../../support/payloads.ts';
import { startS3Stub, trailFile } from '../../support/s3.ts';
import { named } from './object-run.ts';

test('a long object leaves others their turn while it is read, so that a worker hears its answers in time', async () => {
  const s3 = await startS3Stub(() => trailFile(Array.from({ length: 3_000 }, () => record('RunInstances'))));
  let turn = 0;
  const turning = setInterval(() => turn++, 0);
  const turns = new Set<number>();
  const sink = { accept: () => void turns.add(turn), settle: () => Promise.resolve([]) };
  const { environment } = testEnvironment(noSns);
  const draining = { ...environment, policy: POLICY, loadS3: s3.load, sinks: [sink], tally: newTally() };
  await drain(draining, named('long'), within(60_000));
  clearInterval(turning);
  await s3.close();
  expect(draining.tally.received).toBe(3_000);
  expect(turns.size).toBeGreaterThanOrEqual(3);
});
