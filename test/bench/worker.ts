import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { PublishBatchCommand } from '@aws-sdk/client-sns';
import { noticeOf } from '../../cli/backfill/notice.ts';
import { reportTarget } from '../../cli/backfill/report-target.ts';
import { alertTaker } from '../../cli/run/alert-taker.ts';
import { Journal } from '../../cli/run/journal.ts';
import { lineTaker } from '../../cli/run/line-taker.ts';
import { readSeverities } from '../../cli/severities-folder.ts';
import { alertEnvironment } from '../../function/alert-environment.ts';
import { compilePolicy } from '../../function/core/policy.ts';
import { parseSettings } from '../../function/settings.ts';
import { logDestination } from '../../function/sinks/logger.ts';
import type { SnsLoader } from '../../function/sinks/publisher.ts';
import type { S3Loader } from '../../function/sources/objects/s3.ts';
import { madeRecords, realRecords } from '../indexing/corpus.ts';
import { median } from './throughput.ts';

// Time of decompressing and parsing log files over time of a worker and a backfill with the same files, on one core, in
// turns: S3 and SNS answer at once from memory and lines go to a null file, so that only their own work counts. Printed,
// gates nothing.

const ROUNDS = 9;
/** Rounds before counting: what runs for hours is measured warm. */
const WARM_UP = 4;
/** Records of one file: what CloudTrail writes in five minutes of a busy account. */
const EACH = 500;
const BUCKET = 'trail';
const DEADLINE = { remaining: () => 60_000 };

const real = realRecords();
const texts = (real ?? madeRecords()).map((record) => JSON.stringify(record));
const files = new Map<string, Buffer>();
for (let from = 0; from < texts.length; from += EACH) {
  const key = `AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/20/${from}.json.gz`;
  files.set(key, gzipSync(`{"Records":[${texts.slice(from, from + EACH).join(',')}]}`));
}
const objects = [...files].map(([key, { length: bytes }]) => ({ key, bytes }));
process.stdout.write(`${texts.length} ${real ? 'real records' : 'records of the demo story'} in ${files.size} files\n`);

const sunk = logDestination('/dev/null');
const write = (line: string) => void sunk.write(line);
const io = { root: '/', out: async (text: string) => write(text), say: () => undefined };
const journal = new Journal('bench', io, write);
const load: S3Loader = async () => {
  const client = {
    send: async ({ input }: GetObjectCommand) => ({ Body: Readable.from([files.get(input.Key ?? '')]) }),
  };
  return { client, GetObjectCommand } as unknown as Awaited<ReturnType<S3Loader>>;
};
const policy = compilePolicy(await readSeverities(fileURLToPath(new URL('../../severities', import.meta.url))));
const loadSns: SnsLoader = async () => {
  const client = {
    send: async ({ input }: PublishBatchCommand) => ({
      Successful: input.PublishBatchRequestEntries?.map(({ Id }) => ({ Id, MessageId: Id })),
    }),
  };
  return { client, PublishBatchCommand } as unknown as Awaited<ReturnType<SnsLoader>>;
};
const takers = {
  'run --to stdout': lineTaker(io, load, journal),
  'run --to alerts': alertTaker(alertEnvironment(alertParts())),
};
for (const [name, taker] of Object.entries(takers)) {
  await measure(name, async () => {
    for (const object of objects) {
      const task = { id: object.key, body: noticeOf(BUCKET, object, true, new Date()) };
      if (!(await taker.take(task, DEADLINE))) throw new Error(`${name} left ${object.key}`);
    }
  });
}
await measure('backfill --to report', async () => {
  const target = reportTarget(io, load, journal, BUCKET, { policy, json: true });
  for (const object of objects) {
    const left = await target.take([object], DEADLINE);
    if (left.length > 0) throw new Error(`the report left ${object.key}`);
  }
  await target.finish();
});

/** A way of the files, and gunzip and `JSON.parse` of the same alone, in turns. */
async function measure(name: string, run: () => Promise<void>): Promise<void> {
  const ratios: number[] = [];
  const times: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const floorStart = performance.now();
    for (const file of files.values()) JSON.parse(gunzipSync(file).toString('utf8'));
    const start = performance.now();
    await run();
    const end = performance.now();
    if (round < 0) continue;
    ratios.push((start - floorStart) / (end - start));
    times.push(end - start);
  }
  const perSecond = Math.round((texts.length / median(times)) * 1000);
  process.stdout.write(
    `${name.padEnd(20)} ${median(ratios).toFixed(2)} of decompress-and-parse, ${perSecond} records a second\n`,
  );
}

function alertParts() {
  const arn = (name: string) => `arn:aws:sns:eu-central-1:123456789012:${name}`;
  const settings = parseSettings({
    ALERTS_TOPIC_ARN: arn('alerts'),
    FINDINGS_TOPIC_ARN: arn('findings'),
    OPERATIONS_TOPIC_ARN: arn('operations'),
    AWS_REGION: 'eu-central-1',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
  });
  return { settings, policy, teams: [], logger: journal.logger, loadSns, loadS3: load, now: () => new Date() };
}
