import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Indexing, indexEvent } from '../../function/indexing/index-event.ts';
import { createLogger, logDestination } from '../../function/sinks/logger.ts';
import { openOutput } from '../../function/sinks/open-output.ts';
import { madeRecords, realRecords } from '../indexing/corpus.ts';
import { median } from './throughput.ts';

const ROUNDS = 9;
/** Rounds before counting: a function is measured warm. */
const WARM_UP = 4;

// Time of decompressing and parsing a log file over time of indexing it, on one core: S3 and the index answer at once from
// memory, so that only the function's own work counts. Printed, gates nothing.

const DEADLINE = { remaining: () => 60_000 };
const KEY = 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/20/file.json.gz';
const EVENT = {
  Records: [
    {
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: 'trail' }, object: { key: KEY } },
    },
  ],
};

const real = realRecords();
const messages = (real ?? madeRecords()).map((record) => JSON.stringify(record));
const file = gzipSync(`{"Records":[${messages.join(',')}]}`);
process.stdout.write(`${messages.length} ${real ? 'real records' : 'records of the demo story'}\n`);
for (const output of ['bulk', 'http-lines'] as const) {
  const { ratio, perSecond } = await measure(output);
  process.stdout.write(
    `index as ${output.padEnd(10)} ${ratio.toFixed(2)} of decompress-and-parse, ${Math.round(perSecond)} records a second\n`,
  );
}

/** The file through the index function, and through gunzip and `JSON.parse` alone, in turns. */
async function measure(output: 'bulk' | 'http-lines') {
  const indexing = indexingOf(output);
  const ratios: number[] = [];
  const times: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const floorStart = performance.now();
    JSON.parse(gunzipSync(file).toString('utf8'));
    const start = performance.now();
    await indexEvent(indexing, EVENT, DEADLINE);
    const end = performance.now();
    if (round < 0) continue;
    ratios.push((start - floorStart) / (end - start));
    times.push(end - start);
  }
  return { ratio: median(ratios), perSecond: (messages.length / median(times)) * 1000 };
}

function indexingOf(output: 'bulk' | 'http-lines'): Indexing {
  const endpoint = new URL('http://127.0.0.1');
  const target = { output, endpoint, access: { kind: 'none' }, prefix: 'cloudtrail', raw: false } as const;
  const opened = openOutput({ ...target, maxBatchBytes: 4 * 1024 * 1024, maxBatchRecords: 1_000 });
  const line = { kind: 'taken' } as const;
  const client = { send: async () => ({ Body: Readable.from([file]) }) } as never;
  class GetObjectCommand {}
  return {
    output: {
      ...opened,
      post: async (_body, count) => ({ kind: 'lines', lines: Array.from({ length: count }, () => line) }),
    },
    deadLetters: undefined,
    loadS3: async () => ({ client, GetObjectCommand: GetObjectCommand as never }),
    logger: createLogger(logDestination('/dev/null')),
    functionName: 'bench',
    region: 'eu-central-1',
    now: () => new Date(),
  };
}
