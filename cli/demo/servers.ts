import type { Message } from '@aws-sdk/client-sqs';

/** Credentials of nobody, for servers on loopback. */
export const DEMO_CREDENTIALS = { accessKeyId: 'demo', secretAccessKey: 'demo' } as const;

/** SNS and SQS on loopback, for one run. */
export interface DemoServers {
  readonly endpoint: string;
  createTopic(name: string): Promise<string>;
  /** A queue under a topic; messages whose attributes the filter policy does not take never reach it. */
  subscribeQueue(topicArn: string, name: string, filterPolicy?: object): Promise<DemoQueue>;
  close(): Promise<void>;
}

/** A team's queue. */
export interface DemoQueue {
  readonly name: string;
  /** Everything the queue holds, taken out: the notifications SNS wrapped. */
  drain(): Promise<readonly Notification[]>;
}

/** What SNS delivers to a queue, without raw delivery. @see https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html */
export interface Notification {
  readonly Subject?: string;
  readonly Message: string;
}

/**
 * A team's filter policy. The emulator compares the JSON text of a String.Array where SNS compares its elements, so each
 * team also stands as a pattern of that text, which no element matches.
 */
export function teamPolicy(team: string, severity: readonly string[]): object {
  return { team: [team, { wildcard: `*"${team}"*` }], severity };
}

/** Starts an SNS and SQS server on a free port of 127.0.0.1. */
export async function startServers(region: string): Promise<DemoServers> {
  const { buildApp } = await import('fauxqs');
  const { CreateTopicCommand, SNSClient, SubscribeCommand } = await import('@aws-sdk/client-sns');
  const sqsSdk = await import('@aws-sdk/client-sqs');
  const app = buildApp({ logger: false, defaultRegion: region });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const config = { region, endpoint, credentials: DEMO_CREDENTIALS };
  const sns = new SNSClient(config);
  const sqs = new sqsSdk.SQSClient(config);
  return {
    endpoint,
    async createTopic(Name) {
      const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name }));
      return TopicArn;
    },
    async subscribeQueue(TopicArn, name, filterPolicy) {
      const { QueueUrl = '' } = await sqs.send(new sqsSdk.CreateQueueCommand({ QueueName: name }));
      const { Attributes } = await sqs.send(
        new sqsSdk.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
      );
      await sns.send(
        new SubscribeCommand({
          TopicArn,
          Protocol: 'sqs',
          Endpoint: Attributes?.['QueueArn'],
          Attributes: filterPolicy ? { FilterPolicy: JSON.stringify(filterPolicy) } : {},
        }),
      );
      return { name, drain: () => drainQueue(sqs, sqsSdk, QueueUrl) };
    },
    async close() {
      sns.destroy();
      sqs.destroy();
      await app.close();
    },
  };
}

async function drainQueue(
  sqs: import('@aws-sdk/client-sqs').SQSClient,
  { ReceiveMessageCommand, DeleteMessageBatchCommand }: typeof import('@aws-sdk/client-sqs'),
  QueueUrl: string,
): Promise<Notification[]> {
  const notifications: Notification[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return notifications;
    notifications.push(...Messages.map((message: Message) => JSON.parse(message.Body ?? '{}') as Notification));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
