import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import type { SqsLoader } from '../../function/sinks/sqs.ts';

/** What the function handed over, as far as tests look at it. */
export interface Queued {
  readonly topic: string;
  readonly dedupKey: string;
  readonly errorCode: string;
}

/** An SQS on 127.0.0.1 with one queue at a time. */
export interface TestQueues {
  readonly endpoint: string;
  /** Gives the SDK's own client. */
  readonly load: SqsLoader;
  /** A new, empty queue's URL. */
  create(): Promise<string>;
  /** Everything a queue holds. */
  contents(queueUrl: string): Promise<Queued[]>;
  close(): Promise<void>;
}

/** Starts it on a free port. */
export async function startQueues(): Promise<TestQueues> {
  const app = buildApp({ logger: false, defaultRegion: 'eu-central-1' });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const client = new SQSClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' },
    maxAttempts: 1,
  });
  let queues = 0;
  return {
    endpoint,
    load: async () => ({ client, SendMessageBatchCommand }),
    async create() {
      const QueueName = `undelivered-${queues++}`;
      await client.send(new CreateQueueCommand({ QueueName }));
      return `${endpoint}/000000000000/${QueueName}`;
    },
    async contents(QueueUrl) {
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
        );
        if (Messages.length === 0) return bodies.map((body) => JSON.parse(body) as Queued);
        bodies.push(...Messages.map(({ Body = '' }) => Body));
      }
    },
    async close() {
      client.destroy();
      await app.close();
    },
  };
}
