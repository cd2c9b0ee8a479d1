import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { vi } from 'vitest';
import { stubCredentials } from '../cli/aws-api.ts';
import { startDynamo, startLambda } from '../cli/redrive/loopback-servers.ts';
import { createLedgerTable } from '../support/ledger-table.ts';

/** The Region of everything. */
export const REGION = 'eu-central-1';
/** The account that the servers on loopback say they are of. */
export const ACCOUNT = '000000000000';

/** SNS, SQS, S3, STS, DynamoDB and Lambda's Invoke on 127.0.0.1, without faults. */
export type LoopbackAccount = Awaited<ReturnType<typeof startAccount>>;

/** Starts the servers; the SDK's own variables point to them until `close`. */
export async function startAccount() {
  const app = buildApp({ logger: false, defaultRegion: REGION });
  // A connection that the server closes while a call is on its way would be a fault that nobody ordered.
  app.server.keepAliveTimeout = 0;
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const dynamo = await startDynamo();
  const lambda = await startLambda();
  stubCredentials();
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamo.endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', lambda.endpoint);
  const config = { region: REGION, maxAttempts: 4, credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' } };
  const sqs = new SQSClient({ ...config, endpoint });
  const sns = new SNSClient({ ...config, endpoint });
  const s3 = new S3Client({ ...config, endpoint });
  const ledger = new DynamoDBClient({ ...config, endpoint: dynamo.endpoint });
  return {
    lambda,
    /** Where each service is. */
    endpoints: { sns: endpoint, sqs: endpoint, dynamodb: dynamo.endpoint },
    async createQueue(QueueName: string) {
      await sqs.send(new CreateQueueCommand({ QueueName }));
    },
    /** A topic and a queue that gets what it delivers. @returns the topic's ARN */
    async createTopic(Name: string) {
      const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name }));
      await sqs.send(new CreateQueueCommand({ QueueName: `inbox-${Name}` }));
      const Endpoint = `arn:aws:sqs:${REGION}:${ACCOUNT}:inbox-${Name}`;
      const Attributes = { RawMessageDelivery: 'true' };
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
      return TopicArn;
    },
    async createTable(TableName: string) {
      await createLedgerTable(ledger, TableName);
    },
    async createBucket(Bucket: string) {
      await s3.send(new CreateBucketCommand({ Bucket }));
    },
    async store(Bucket: string, Key: string, object: unknown) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(object) }));
    },
    async stored(Bucket: string) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      return Contents.length;
    },
    /** Messages of a queue that nobody has in hand. */
    async waiting(queuePath: string) {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: endpoint + queuePath, AttributeNames }),
      );
      return Number(Attributes?.['ApproximateNumberOfMessages']);
    },
    /** What a topic has delivered since the last look. */
    async delivered(topicName: string) {
      const QueueUrl = `${endpoint}/${ACCOUNT}/inbox-${topicName}`;
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return bodies;
        bodies.push(...Messages.map(({ Body = '' }) => Body));
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      }
    },
    async close() {
      vi.unstubAllEnvs();
      for (const client of [sqs, sns, s3, ledger]) client.destroy();
      await app.close();
      await dynamo.close();
      await lambda.close();
    },
  };
}
