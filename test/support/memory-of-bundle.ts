import { afterAll, beforeAll } from 'vitest';
import { buildBundle, bundleEnvironment } from './bundle.ts';
import { type Measured, measureMemory } from './memory.ts';
import { type SnsStub, startSnsStub } from './sns-stub.ts';

/** A megabyte. */
export const MB = 1024 * 1024;

/** Builds the bundle for a test file, and gives what runs events in it with 512 MB and a topic that takes everything. */
export function memoryOfBundle(): (events: readonly unknown[], timeoutMs?: number) => Promise<Measured> {
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
  return (events, timeoutMs = 30_000) =>
    measureMemory({
      taskRoot: bundle.taskRoot,
      environment: bundleEnvironment(stub.endpoint),
      events,
      memoryMb: 512,
      timeoutMs,
    });
}
