import { gunzipSync, gzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import type { Indexing } from '../../function/indexing/index-event.ts';
import { createLogger } from '../../function/sinks/logger.ts';
import { type OutputParts, openOutput } from '../../function/sinks/open-output.ts';

const REGION = 'eu-central-1';
const CREDENTIALS = { accessKeyId: 'demo', secretAccessKey: 'demo' };

/** A dead letter, as far as tests look at it; its record unpacked. */
export interface ReceivedLetter {
  readonly id?: string;
  readonly index?: string;
  readonly position: string;
  readonly reason: string;
  readonly record: string | undefined;
  readonly recordOmitted?: string;
}

/** A bucket and a queue of dead letters on loopback, and an index function between them and an output. */
export interface Lab {
  /** Writes a trail file with these records, or these bytes, and gives its key. */
  put(records: readonly unknown[] | Buffer, key?: string): Promise<string>;
  /** Empties the queue of dead letters. */
  letters(): Promise<ReceivedLetter[]>;
  /** An index function; without dead letters where `queued` is false. */
  indexing(output: Partial<OutputParts> & Pick<OutputParts, 'endpoint'>, queued?: boolean): Indexing;
  /** Lines logged so far. */
  readonly log: string[];
  /** Of S3 and SQS. */
  readonly aws: string;
  readonly queueUrl: string;
  close(): Promise<void>;
}

/** The event a queue gives the function: one message, `m0`, `m1`, … for each list of keys. */
export function queueEvent(...messages: readonly (readonly string[])[]) {
  return {
    Records: messages.map((keys, index) => ({
      eventSource: 'aws:sqs',
      messageId: `m${index}`,
      body: JSON.stringify(s3Event(keys)),
    })),
  };
}

/** The event a bucket gives the function. */
export function s3Event(keys: readonly string[]) {
  return {
    Records: keys.map((key) => ({
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: 'trail' }, object: { key: encodeURIComponent(key).replaceAll('%2F', '/') } },
    })),
  };
}

/** Starts it on a free port of 127.0.0.1. */
export async function startLab(): Promise<Lab> {
  const app = buildApp({ logger: false, defaultRegion: REGION });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const s3 = new S3Client({ endpoint, region: REGION, credentials: CREDENTIALS, forcePathStyle: true });
  const sqs = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  await s3.send(new CreateBucketCommand({ Bucket: 'trail' }));
  await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  const queueUrl = `${endpoint}/000000000000/dead`;
  const log: string[] = [];
  let files = 0;
  return {
    log,
    aws: endpoint,
    queueUrl,
    async put(records, key = `AWSLogs/111122223333/CloudTrail/${REGION}/2026/11/20/file ${files++}.json.gz`) {
      const Body = Buffer.isBuffer(records) ? records : gzipSync(JSON.stringify({ Records: records }));
      await s3.send(new PutObjectCommand({ Bucket: 'trail', Key: key, Body }));
      return key;
    },
    async letters() {
      const letters: ReceivedLetter[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
        );
        if (Messages.length === 0) return letters;
        letters.push(...Messages.map(({ Body = '' }) => readLetter(Body)));
      }
    },
    indexing: (output, queued = true) => ({
      output: openOutput({
        output: 'bulk',
        access: { kind: 'none' },
        prefix: 'cloudtrail',
        raw: false,
        maxBatchBytes: 4 * 1024 * 1024,
        maxBatchRecords: 1_000,
        ...output,
      }),
      deadLetters: queued ? { load: async () => ({ client: sqs, SendMessageBatchCommand }), queueUrl } : undefined,
      loadS3: async () => ({ client: s3, GetObjectCommand }),
      logger: createLogger({ write: (line: string) => void log.push(line) }),
      functionName: 'trailbell-index',
      region: REGION,
      now: () => new Date(),
      pace: 0,
    }),
    async close() {
      s3.destroy();
      sqs.destroy();
      await app.close();
    },
  };
}

function readLetter(body: string): ReceivedLetter {
  const letter = JSON.parse(body) as Omit<ReceivedLetter, 'record'> & { record?: string };
  const record = letter.record === undefined ? undefined : gunzipSync(Buffer.from(letter.record, 'base64')).toString();
  return { ...letter, record };
}
