import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { story } from '../../cli/demo/story/index.ts';
import { type Format, parseForwardSettings } from '../../function/forward-settings.ts';
import { type ForwardEnvironment, runForward } from '../../function/forwarding/invocation.ts';
import { createLogger, logDestination } from '../../function/sinks/logger.ts';
import { median } from './throughput.ts';

// Time of decompressing and parsing a log file over time of forwarding it, on one core: S3 and Kinesis answer at once from
// memory, so that only the function's own work counts. Printed, gates nothing.

const ROUNDS = 15;
const WARM_UP = 10;
const REAL_RECORDS = new URL('../../../shared/data/records.ndjson.gz', import.meta.url);
const EVENT = {
  Records: [
    {
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: 'bench' }, object: { key: 'CloudTrail/one.json.gz' } },
    },
  ],
};

const isReal = existsSync(REAL_RECORDS);
const texts = isReal
  ? gunzipSync(readFileSync(REAL_RECORDS)).toString('utf8').trimEnd().split('\n')
  : Array.from({ length: 10 }, () => story(new Date()).map((record) => JSON.stringify(record))).flat();
const file = gzipSync(`{"Records":[${texts.join(',')}]}`);
process.stdout.write(`${texts.length} ${isReal ? 'real records' : 'records of the demo story'}\n`);
for (const format of ['record', 'file', 'file-gzip'] as const) {
  const { ratio, perSecond } = await measure(format);
  process.stdout.write(
    `forward as ${format.padEnd(10)} ${ratio.toFixed(2)} of decompress-and-parse, ${Math.round(perSecond)} records a second\n`,
  );
}

async function measure(format: Format): Promise<{ ratio: number; perSecond: number }> {
  const environment = environmentFor(format);
  const ratios: number[] = [];
  const times: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const start = performance.now();
    JSON.parse(gunzipSync(file).toString('utf8'));
    const middle = performance.now();
    await runForward(environment, EVENT, { remaining: () => 60_000 });
    const end = performance.now();
    if (round < 0) continue;
    ratios.push((middle - start) / (end - middle));
    times.push(end - middle);
  }
  return { ratio: median(ratios), perSecond: (texts.length * 1000) / median(times) };
}

function environmentFor(format: Format): ForwardEnvironment {
  const settings = parseForwardSettings({
    STREAM_ARN: 'arn:aws:kinesis:eu-central-1:111122223333:stream/bench',
    STREAM_FORMAT: format,
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
  });
  const s3 = { send: async () => ({ Body: Readable.from([file]) }) };
  const kinesis = {
    send: async ({ input }: PutRecordsCommand) => ({
      Records: input.Records?.map((_, index) => ({ SequenceNumber: String(index), ShardId: 'shardId-000000000000' })),
    }),
  };
  return {
    settings,
    logger: createLogger(logDestination('/dev/null')),
    loadS3: async () =>
      ({ client: s3, GetObjectCommand }) as unknown as Awaited<ReturnType<ForwardEnvironment['loadS3']>>,
    loadKinesis: async () =>
      ({ client: kinesis, PutRecordsCommand }) as unknown as Awaited<ReturnType<ForwardEnvironment['loadKinesis']>>,
    now: () => new Date(),
  };
}
