import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildDigest } from '../../cli/build.ts';
import { type FunctionProcess, startFunction } from '../../cli/lambda/function-process.ts';
import { readSeverities } from '../../cli/severities-folder.ts';
import { compilePolicy } from '../../function/core/policy.ts';
import { ROOT } from '../cli/command-line.ts';
import { folderOf } from '../cli/temporary-folder.ts';
import type { Expected } from '../faults/inbox.ts';
import { FaultLab } from '../faults/lab.ts';
import type { FaultStack } from '../faults/stack.ts';
import { EVERY_FAULT } from '../support/fault-mix.ts';
import { atRandom, healthy } from '../support/fault-scripts.ts';
import { eventOf } from '../support/payloads.ts';
import { asInMail, SoakTrail } from './records.ts';

const MB = 1024 * 1024;
/** 200,000 take some twenty minutes. */
const RECORDS = Number(process.env['SOAK_RECORDS'] ?? 10_000);
const SEED = Number(process.env['SOAK_SEED'] ?? 1);
const PER_EVENT = 100;
/** Of all calls that go wrong. */
const SHARE = Number(process.env['SOAK_SHARE'] ?? 0.01);
/** Minutes of the product that pass in one. */
const PACE = 60;
const WINDOW_MINUTES = 15;
/** Milliseconds between two runs of the digest function: five minutes of the product. */
const DIGEST_EVERY = (5 * 60_000) / PACE;
/** After which something is wrong with the digests. */
const MAX_DIGEST_RUNS = 20;
const EPOCH = Date.now();
const SAMPLES = 20;
/** What the heap may hold more in the last quarter than in the one before, after collections. */
const GROWTH = 2 * MB;

let lab: FaultLab;

beforeAll(async () => {
  lab = await FaultLab.open();
});

afterAll(async () => {
  await lab.close();
});

const productTime = () => new Date(EPOCH + (Date.now() - EPOCH) * PACE);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function startDigest(stack: FaultStack): Promise<FunctionProcess> {
  const { outdir } = await buildDigest(ROOT, await folderOf());
  const environment = stack.environment();
  return startFunction({
    taskRoot: outdir,
    handler: 'index.handler',
    environment,
    memoryMb: 256,
    timeoutMs: 60_000,
    onLine: () => {},
  });
}

test(`no finding is lost in ${RECORDS} records with one call in a hundred going wrong, and the heap stays flat`, async () => {
  const trail = new SoakTrail(compilePolicy(await readSeverities(`${ROOT}/severities`)));
  let heard: (line: string) => void = () => {};
  const stack = await lab.stack(healthy, {
    timeoutMs: 60_000,
    environment: {
      NODE_OPTIONS: `--import ${fileURLToPath(new URL('./probe.mjs', import.meta.url))}`,
      SOAK_EPOCH: String(EPOCH),
      SOAK_PACE: String(PACE),
      STORM_WINDOW_MINUTES: String(WINDOW_MINUTES),
      MESSAGES_PER_MINUTE: '60',
    },
    onLine: (line) => heard(line),
  });
  const heapAfterCollection = async () => {
    const said = new Promise<number>((resolve) => {
      heard = (line) => line.startsWith('heap-after-gc ') && resolve(Number(line.slice(14)));
    });
    await stack.signal('SIGUSR2');
    return said;
  };
  const digest = await startDigest(stack);
  const digested = async () => {
    const result = await digest.invoke({});
    return result.ok ? (result.response as { digests: number; digestsFailed: number }) : undefined;
  };

  const expected: Expected[] = [];
  const heaps: number[] = [];
  const events = Math.ceil(RECORDS / PER_EVENT);
  const started = performance.now();
  let lastDigest = started;
  let digests = 0;
  stack.proxy.script = atRandom(SEED, SHARE, EVERY_FAULT);
  for (let index = 0; index < events; index++) {
    const records = Array.from({ length: PER_EVENT }, () => trail.next(productTime()));
    for (const record of records) if (record.expected) expected.push(record.expected);
    await stack.deliver(eventOf(records.map(({ message }) => message)));
    if (performance.now() - lastDigest > DIGEST_EVERY) {
      lastDigest = performance.now();
      digests += (await digested())?.digests ?? 0;
    }
    if (index % 20 === 0) await stack.collect();
    if (index % Math.ceil(events / SAMPLES) === 0) heaps.push(await heapAfterCollection());
  }
  heaps.push(await heapAfterCollection());
  const seconds = (performance.now() - started) / 1_000;

  const { failures, undelivered } = await stack.kept();
  await stack.redrive();
  // The windows end, and their digests go out.
  await pause(((WINDOW_MINUTES + 3) * 60_000) / PACE);
  for (let run = 0, left = 1; left > 0 && run < MAX_DIGEST_RUNS; run++) {
    const told = await digested();
    digests += told?.digests ?? 0;
    left = told?.digestsFailed ?? 1;
  }
  await stack.collect();
  await digest.stop();
  await stack.close();

  const documents = stack.inbox.received(['findings'], expected);
  const mails = stack.inbox.received(['alerts'], expected.map(asInMail));
  const reached = trail.reached();
  const counted = stack.inbox.received(['findings'], reached);
  const half = heaps.slice(Math.floor(heaps.length / 2));
  const [before, after] = [half.slice(0, half.length / 2), half.slice(half.length / 2)].map(
    (part) => part.reduce((sum, heap) => sum + heap, 0) / part.length,
  );
  const growth = (after ?? 0) - (before ?? 0);
  const megabytes = (bytes: number) => `${(bytes / MB).toFixed(1)} MB`;
  const line = ({ expected: all, atLeastOnce, held, moreThanOnce, repeats }: typeof documents) =>
    `${atLeastOnce} of ${all} (${held} of them named in a digest), ${moreThanOnce} more than once (${repeats} repeats)`;
  process.stdout.write(
    [
      `soak: ${events * PER_EVENT} records of ${trail.source} in ${stack.tries.length} tries, ${seconds.toFixed(0)} s, seed ${SEED}`,
      `calls with faults: ${JSON.stringify(stack.proxy.calls)}`,
      `failed tries ${stack.tries.filter(({ errorType }) => errorType).length}, in the failure bucket ${failures}, undelivered ${undelivered}, digests ${digests}`,
      `ledger calls unanswered ${stack.figures['ledgerFailures']}, held back ${stack.figures['findings/heldBack']} on findings`,
      `findings: ${line(documents)}`,
      `alerts: ${line(mails)}`,
      `published only by their count: ${line(counted)}`,
      `slowest try ${Math.round(Math.max(...stack.tries.map(({ milliseconds }) => milliseconds)))} ms`,
      `heap after collection: ${heaps.map(megabytes).join(', ')}; growth over the second half ${megabytes(growth)}`,
      '',
    ].join('\n'),
  );
  expect(documents.lost).toEqual([]);
  expect(mails.lost).toEqual([]);
  expect(growth).toBeLessThan(GROWTH);
}, 3_600_000);
