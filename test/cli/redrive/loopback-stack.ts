import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
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
import { deliveryKey } from '../../../function/sinks/ledger/keys.ts';
import { type RefusedFinding, undeliveredBody } from '../../../function/sinks/undelivered-body.ts';
import { createLedgerTable } from '../../support/ledger-table.ts';
import { stubCredentials } from '../aws-api.ts';
import { folderOf } from '../temporary-folder.ts';
import { startDynamo, startLambda } from './loopback-servers.ts';

/** The account of the servers on loopback. */
export const ACCOUNT = '000000000000';
/** The Region of the stack. */
export const REGION = 'eu-central-1';
const TABLE = 'trailbell-ledger';
const BUCKET = 'trailbell-failures-demo';
const PREFIX = 'aws/lambda/';

/** A deployed stack on 127.0.0.1: SNS, SQS, S3 and STS, DynamoDB, and a Lambda that answers as told. */
export type LoopbackStack = Awaited<ReturnType<typeof startStack>>;

/** The ARN of a topic of the stack. */
export const topicOf = (name: string) => `arn:aws:sns:${REGION}:${ACCOUNT}:trailbell-${name}`;

/** Starts a stack; the SDK's own variables point to it until `close`. */
export async function startStack() {
  const app = buildApp({ logger: false, defaultRegion: REGION });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const dynamo = await startDynamo();
  const lambda = await startLambda();
  stubCredentials();
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamo.endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', lambda.endpoint);
  const config = { region: REGION, credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' } };
  const [sqs, sns, s3] = [
    new SQSClient({ ...config, endpoint }),
    new SNSClient({ ...config, endpoint }),
    new S3Client({ ...config, endpoint }),
  ];
  const ledger = new DynamoDBClient({ ...config, endpoint: dynamo.endpoint });
  const createQueue = async (QueueName: string) => {
    await sqs.send(new CreateQueueCommand({ QueueName }));
    return { url: `${endpoint}/${ACCOUNT}/${QueueName}`, arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueName}` };
  };
  const queue = await createQueue('trailbell-undelivered');
  const inbox = await createQueue('inbox');
  for (const name of ['alerts', 'findings', 'operations']) {
    await sns.send(new CreateTopicCommand({ Name: `trailbell-${name}` }));
    const Attributes = { RawMessageDelivery: 'true' };
    await sns.send(new SubscribeCommand({ TopicArn: topicOf(name), Protocol: 'sqs', Endpoint: inbox.arn, Attributes }));
  }
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await createLedgerTable(ledger, TABLE);
  const outputsOf = (changes: object = {}) => ({
    ...Object.fromEntries(
      Object.entries({
        alerts_topic_arn: topicOf('alerts'),
        findings_topic_arn: topicOf('findings'),
        operations_topic_arn: topicOf('operations'),
        log_group_name: '/trailbell/cloudtrail',
        function_log_group_name: '/aws/lambda/trailbell-alert',
        function_name: 'trailbell-alert',
        undelivered_queue_url: queue.url,
        ledger_table_name: TABLE,
        failure_bucket: BUCKET,
        failure_prefix: PREFIX,
        ...changes,
      }).map(([name, value]) => [name, value === undefined ? undefined : { value }]),
    ),
  });
  const keyOf = (topic: string, dedupKey: string) => {
    const { pk, sk } = deliveryKey(topic, dedupKey);
    return { pk: { S: pk }, sk: { S: sk } };
  };
  return {
    queueUrl: queue.url,
    lambda,
    /** A file of the stack's outputs. */
    async outputs(changes?: object) {
      return `${await folderOf({ 'outputs.json': outputsOf(changes) })}/outputs.json`;
    },
    async put(MessageBody: string) {
      await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody }));
    },
    /** How many messages wait, and how many are in somebody's hands. */
    async waiting() {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const command = new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: [...AttributeNames] });
      const { Attributes = {} } = await sqs.send(command);
      return { visible: Number(Attributes[AttributeNames[0]]), hidden: Number(Attributes[AttributeNames[1]]) };
    },
    /** What topics have delivered since the last look. */
    async delivered() {
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: inbox.url, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
        );
        if (Messages.length === 0) return bodies;
        bodies.push(...Messages.map(({ Body = '' }) => Body));
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: inbox.url, Entries }));
      }
    },
    async remember(topic: string, dedupKey: string, state: 'sent' | 'pending', seconds: number) {
      const expiresAt = { N: String(Math.floor(Date.now() / 1000) + seconds) };
      const Item = { ...keyOf(topic, dedupKey), state: { S: state }, expiresAt };
      await ledger.send(new PutItemCommand({ TableName: TABLE, Item }));
    },
    async remembered(topic: string, dedupKey: string) {
      const { Item } = await ledger.send(new GetItemCommand({ TableName: TABLE, Key: keyOf(topic, dedupKey) }));
      return Item?.['state']?.S;
    },
    async store(key: string, object: unknown) {
      const Body = typeof object === 'string' ? object : JSON.stringify(object);
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: PREFIX + key, Body }));
    },
    async stored() {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      return Contents.map(({ Key = '' }) => Key.slice(PREFIX.length));
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

/** The body the function would have handed over. */
export function bodyOf(dedupKey: string, changes: Partial<RefusedFinding> = {}): string {
  const refused: RefusedFinding = {
    key: dedupKey,
    topic: 'findings',
    topicArn: topicOf('findings'),
    dedupKey,
    severity: 'high',
    errorCode: 'KMSDisabled',
    render: () => ({
      Message: `finding ${dedupKey}`,
      MessageAttributes: { severity: { DataType: 'String', StringValue: 'high' } },
    }),
    ...changes,
  };
  return undeliveredBody(refused, 'trailbell-alert', new Date('2026-11-20T12:00:00Z'));
}
