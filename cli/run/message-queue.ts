import type { SQSClient } from '@aws-sdk/client-sqs';
import { AwsProblem, asking, awsErrorName } from '../aws/problem.ts';
import { PATIENCE } from '../redrive/patience.ts';
import { passes } from './timing.ts';

/** A message that is hidden from others for some time. */
export interface Message {
  readonly id: string;
  readonly handle: string;
  readonly body: string;
  /** How often it was received, this time included: the queue's own redrive goes by it. */
  readonly receives: number;
}

/** Seconds a look at an empty queue lasts: SQS then asks all of its servers. */
const WAIT_SECONDS = 5;

/** Messages of one request. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const MAX_MESSAGES = 10;

/** A queue of notifications. Every method throws an AwsProblem when AWS refuses. */
export class MessageQueue {
  readonly #client: SQSClient;
  readonly #sdk: Omit<typeof import('@aws-sdk/client-sqs'), 'SQSClient'>;
  readonly #url: string;

  private constructor(client: SQSClient, sdk: Omit<typeof import('@aws-sdk/client-sqs'), 'SQSClient'>, url: string) {
    this.#client = client;
    this.#sdk = sdk;
    this.#url = url;
  }

  /** @param region default: that of the environment, or the profile's */
  static async open(url: string, region: string | undefined): Promise<MessageQueue> {
    const { SQSClient, ...sdk } = await import('@aws-sdk/client-sqs');
    return new MessageQueue(new SQSClient({ ...(region !== undefined && { region }), ...PATIENCE }), sdk, url);
  }

  /** Whether messages that were received too often go elsewhere; undefined where we may not ask, or SQS has trouble just then. */
  async hasRedrive(): Promise<boolean | undefined> {
    const command = new this.#sdk.GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: ['RedrivePolicy'] });
    try {
      const { Attributes } = await this.#ask('sqs:GetQueueAttributes', () => this.#client.send(command));
      return Attributes?.['RedrivePolicy'] !== undefined;
    } catch (error) {
      if (!(error instanceof AwsProblem)) throw error;
      if (error.refusal === 'denied' || (error.refusal === 'other' && passes(error))) return undefined;
      throw error;
    }
  }

  /** Up to `most` messages, hidden from others for so many seconds; waits some seconds for the first. */
  async receive(most: number, hiddenSeconds: number): Promise<readonly Message[]> {
    const command = new this.#sdk.ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: Math.min(MAX_MESSAGES, most),
      VisibilityTimeout: hiddenSeconds,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    const { Messages = [] } = await this.#ask('sqs:ReceiveMessage and kms:Decrypt', () => this.#client.send(command));
    return Messages.map(({ MessageId: id = '', ReceiptHandle: handle = '', Body: body = '', Attributes }) => {
      return { id, handle, body, receives: Number(Attributes?.ApproximateReceiveCount ?? 1) };
    });
  }

  /** Takes a message away for good. */
  async delete({ handle }: Message): Promise<void> {
    const command = new this.#sdk.DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: handle });
    await this.#ask('sqs:DeleteMessage', () => this.#client.send(command));
  }

  /**
   * Hides messages for so many seconds from now on; 0 gives them back.
   * @returns those that SQS does not let us hide any more: others may have them
   */
  async hide(messages: readonly Message[], seconds: number): Promise<readonly Message[]> {
    const lost: Message[] = [];
    for (let start = 0; start < messages.length; start += MAX_MESSAGES) {
      const batch = messages.slice(start, start + MAX_MESSAGES);
      const Entries = batch.map(({ handle }, index) => ({
        Id: String(index),
        ReceiptHandle: handle,
        VisibilityTimeout: seconds,
      }));
      const command = new this.#sdk.ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries });
      const { Failed = [] } = await this.#ask('sqs:ChangeMessageVisibility', () => this.#client.send(command));
      const failed = new Set(Failed.map(({ Id }) => Id));
      lost.push(...batch.filter((_, index) => failed.has(String(index))));
    }
    return lost;
  }

  async #ask<T>(permission: string, call: () => Promise<T>): Promise<T> {
    try {
      return await asking(`${permission} on ${this.#url}`, call);
    } catch (error) {
      if (!/QueueDoesNotExist|NonExistentQueue/.test(awsErrorName(error))) throw error;
      throw new AwsProblem(`there is no queue ${this.#url}`, 'other', {
        cause: error instanceof Error ? error.cause : error,
      });
    }
  }
}
