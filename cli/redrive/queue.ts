import type { SQSClient } from '@aws-sdk/client-sqs';
import { neutralise } from '../../function/core/neutral.ts';
import { AwsProblem, asking, awsErrorName } from '../aws/problem.ts';
import { PATIENCE } from './patience.ts';

/** Seconds a message stays hidden from others while it is in hand; killed, a run gives it back after this time. */
const HIDDEN_SECONDS = 30;

/** Milliseconds of that time in which a message may still be begun: sending and deleting it fit into the rest. */
const BEGIN_WITHIN = 15_000;

/** A message in hand. */
export interface Held {
  readonly id: string;
  readonly handle: string;
  readonly body: string;
  /** When it is too late to begin with it, by `performance.now()`: others may have it soon. */
  readonly beginBefore: number;
}

/** The queue of undelivered findings. Every method throws an AwsProblem when AWS refuses. */
export interface Queue {
  /** About how many wait, those in other hands not counted. */
  depth(): Promise<number>;
  /** Up to `most` messages; none means that none waits. */
  receive(most: number): Promise<readonly Held[]>;
  delete(held: Held): Promise<void>;
  /** Gives messages back at once. They come back by themselves later, so a refusal does not matter. */
  release(held: readonly Held[]): Promise<void>;
}

/**
 * Opens a queue.
 * @throws {AwsProblem} for what is no queue's address, and for one of another account than the credentials'
 */
export async function openQueue(queueUrl: string, region: string, account: string): Promise<Queue> {
  const [, owner, name] = /^https?:\/\/[^/]+\/(?<account>\d{12})\/(?<name>[\w-]{1,80})$/.exec(queueUrl) ?? [];
  if (owner === undefined || name === undefined) {
    throw new AwsProblem(`${neutralise(queueUrl)} is not the URL of a standard queue: give --queue URL`);
  }
  if (owner !== account) {
    throw new AwsProblem(
      `the wrong account: the queue ${name} is in ${owner}, the credentials in use are of ${account}`,
    );
  }
  const { SQSClient, ...commands } = await import('@aws-sdk/client-sqs');
  return new SqsQueue(new SQSClient({ region, ...PATIENCE }), commands, queueUrl);
}

class SqsQueue implements Queue {
  readonly #client: SQSClient;
  readonly #sdk: Omit<typeof import('@aws-sdk/client-sqs'), 'SQSClient'>;
  readonly #url: string;

  constructor(client: SQSClient, sdk: Omit<typeof import('@aws-sdk/client-sqs'), 'SQSClient'>, url: string) {
    this.#client = client;
    this.#sdk = sdk;
    this.#url = url;
  }

  async depth(): Promise<number> {
    const command = new this.#sdk.GetQueueAttributesCommand({
      QueueUrl: this.#url,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    const { Attributes } = await this.#ask('sqs:GetQueueAttributes', () => this.#client.send(command));
    return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
  }

  async receive(most: number): Promise<Held[]> {
    const command = new this.#sdk.ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: Math.min(10, most),
      VisibilityTimeout: HIDDEN_SECONDS,
      // Asked to wait, SQS looks at all of its servers: then none means none.
      WaitTimeSeconds: 1,
    });
    const beginBefore = performance.now() + BEGIN_WITHIN;
    const { Messages = [] } = await this.#ask('sqs:ReceiveMessage and kms:Decrypt', () => this.#client.send(command));
    return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '' }) => ({
      id: MessageId,
      handle: ReceiptHandle,
      body: Body,
      beginBefore,
    }));
  }

  async delete({ handle }: Held): Promise<void> {
    const command = new this.#sdk.DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: handle });
    await this.#ask('sqs:DeleteMessage', () => this.#client.send(command));
  }

  async release(held: readonly Held[]): Promise<void> {
    for (let start = 0; start < held.length; start += 10) {
      const Entries = held.slice(start, start + 10).map(({ handle }, index) => ({
        Id: String(index),
        ReceiptHandle: handle,
        VisibilityTimeout: 0,
      }));
      const command = new this.#sdk.ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries });
      await this.#ask('sqs:ChangeMessageVisibility', () => this.#client.send(command));
    }
  }

  async #ask<T>(permission: string, call: () => Promise<T>): Promise<T> {
    try {
      return await asking(permission, call);
    } catch (error) {
      if (!/QueueDoesNotExist|NonExistentQueue/.test(awsErrorName(error))) throw error;
      const message = `there is no queue ${this.#url}: deploy first, or give --queue URL`;
      throw new AwsProblem(message, 'other', { cause: error });
    }
  }
}
