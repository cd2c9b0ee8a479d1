import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { vi } from 'vitest';
import { trailFile } from '../../support/s3.ts';
import { stubCredentials } from '../aws-api.ts';
import { recordOf } from '../sample-records.ts';

/** The bucket of the log files. */
export const BUCKET = 'trail-logs-111122223333';
const ACCOUNT = '000000000000';
const REGION = 'eu-central-1';

/** A bucket of log files with a queue of its notifications, on 127.0.0.1. */
export type Trail = Awaited<ReturnType<typeof startTrail>>;

/** The key of a log file, as CloudTrail names them. */
export function keyOf(
  name: string | number,
  {
    day = '2026/11/20',
    account = '111122223333',
    region = REGION,
    time = '1200',
    prefix = '',
    kind = 'CloudTrail',
  } = {},
): string {
  const stamp = `${day.replaceAll('/', '')}T${time}Z`;
  return `${prefix}AWSLogs/${account}/${kind}/${region}/${day}/${account}_CloudTrail_${region}_${stamp}_${name}.json.gz`;
}

/** So many records of calls, each with an id of its own. */
export function recordsFrom(first: number, count: number, fields: Readonly<Record<string, unknown>> = {}) {
  return Array.from({ length: count }, (_, index) => recordOf(first + index, fields));
}

/** What S3 says of an object, key spelled as S3 does. */
export function notificationOf(key: string, bucket = BUCKET): string {
  const object = { key: key.split('/').map(encodeURIComponent).join('/') };
  const record = { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object } };
  return JSON.stringify({ Records: [record] });
}

/** Starts it, or opens what listens at `at`; the SDK's own variables point to it until `close`. */
export async function startTrail(at?: string) {
  const app = at === undefined ? buildApp({ logger: false, defaultRegion: REGION }) : undefined;
  const endpoint = at ?? (await app?.listen({ port: 0, host: '127.0.0.1' })) ?? '';
  if (app) {
    stubCredentials();
    vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  }
  // Runs give their process a Region: it goes again with the stubs.
  vi.stubEnv('AWS_REGION', REGION);
  const config = { region: REGION, endpoint, credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' } };
  const [s3, sqs] = [new S3Client({ ...config, forcePathStyle: true }), new SQSClient(config)];
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const createQueue = async (QueueName: string, Attributes: Record<string, string> = {}) => {
    await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return `${endpoint}/${ACCOUNT}/${QueueName}`;
  };
  const deadUrl = await createQueue('dead');
  const deadLetterTargetArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`;
  const queueUrl = await createQueue('notifications', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 }),
  });
  return {
    endpoint,
    queueUrl,
    deadUrl,
    createQueue,
    async put(key: string, Body: string | Uint8Array) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body }));
    },
    async remove(key: string) {
      await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
    },
    async putFile(key: string, records: readonly unknown[]) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: trailFile(records) }));
    },
    async send(MessageBody: string, QueueUrl = queueUrl) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
    /** How many messages wait, and how many are in somebody's hands. */
    async waiting(QueueUrl = queueUrl) {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
      );
      return { visible: Number(Attributes[AttributeNames[0]]), hidden: Number(Attributes[AttributeNames[1]]) };
    },
    /** Takes everything that can be had out of a queue. */
    async drain(QueueUrl: string) {
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
        );
        if (Messages.length === 0) return bodies;
        bodies.push(...Messages.map(({ Body = '' }) => Body));
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      }
    },
    async close() {
      vi.unstubAllEnvs();
      s3.destroy();
      sqs.destroy();
      await app?.close();
    },
  };
}
