import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { fc, test as property } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { UndeliveredError } from '../function/fate-errors.ts';
import type { SqsLoader } from '../function/sinks/sqs.ts';
import { refusal, startLedger, type TestLedger } from './support/ledger.ts';
import { runWith } from './support/ledger-run.ts';
import { eventOf, record } from './support/payloads.ts';
import { startQueues, type TestQueues } from './support/undelivered-queue.ts';

let queues: TestQueues;
let ledger: TestLedger;
beforeAll(async () => {
  queues = await startQueues();
  ledger = await startLedger();
});
afterAll(async () => {
  await queues.close();
  await ledger.close();
});

const TOPICS = ['alerts', 'findings'] as const;
const FATES = ['delivered', 'repeated', 'heldBack', 'undelivered'] as const;

/** One try of one event, and what goes wrong in it. */
interface Try {
  /** Numbers of findings; a number twice is a repeat. */
  readonly findings: readonly number[];
  readonly owner: 'first' | 'second';
  readonly minutes: number;
  /** What SNS says to one message after the other. */
  readonly sns: readonly (string | undefined)[];
  /** What the ledger says to one call after the other. */
  readonly ledger: readonly (string | undefined)[];
  readonly queue: 'takes' | 'refuses' | 'none';
}

const attempt: fc.Arbitrary<Try> = fc.record({
  findings: fc.array(fc.nat(30), { minLength: 1, maxLength: 40 }),
  owner: fc.constantFrom('first', 'second'),
  minutes: fc.constantFrom(0, 0, 61),
  sns: fc.array(fc.constantFrom(undefined, undefined, undefined, 'AuthorizationError', 'InvalidParameter'), {
    minLength: 1,
    maxLength: 7,
  }),
  ledger: fc.array(
    fc.constantFrom(
      undefined,
      undefined,
      undefined,
      undefined,
      'InternalServerError',
      'ConditionalCheckFailedException',
    ),
    { minLength: 1, maxLength: 11 },
  ),
  queue: fc.constantFrom('takes', 'takes', 'refuses', 'none'),
});

const refusing: SqsLoader = async () => ({
  client: { send: () => Promise.reject(refusal('AccessDeniedException', 403)) },
  SendMessageBatchCommand,
});

let cases = 0;

describe('the balance of fates', () => {
  property.prop([fc.array(attempt, { minLength: 1, maxLength: 4 })], { numRuns: 20 })(
    'holds on every topic, and nothing is lost but what the error names, whatever fails',
    async (tries) => {
      const run = cases++;
      const name = (number: number) => `case-${run}-finding-${number}-x`;
      const queueUrl = await queues.create();
      const told: string[] = [];
      const lost = new Set<string>();
      for (const one of tries) {
        let [messages, calls] = [0, 0];
        const { figures, error, metrics, sent } = await runWith(
          ledger,
          eventOf(
            one.findings.map((number) =>
              record(number % 7 === 0 ? 'DisableEbsEncryptionByDefault' : 'DeleteVolume', {
                eventID: name(number),
                requestParameters: { volumeId: name(number) },
                userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::123456789012:user/${run}-${number % 3}` },
              }),
            ),
          ),
          {
            owner: `${run}-${one.owner}`,
            minutes: one.minutes,
            patience: 1,
            milliseconds: 5_000,
            refuses: () => one.sns[messages++ % one.sns.length],
            fault: () => {
              const code = one.ledger[calls++ % one.ledger.length];
              if (code !== undefined) throw refusal(code, code === 'InternalServerError' ? 500 : 400);
            },
            variables: {
              MESSAGES_PER_MINUTE: '10',
              UNDELIVERED_QUEUE_URL: one.queue === 'none' ? undefined : queueUrl,
            },
            parts: { loadSqs: one.queue === 'refuses' ? refusing : queues.load },
          },
        );
        const of = (figure: string) => metrics[figure] ?? Number.NaN;
        for (const topic of TOPICS) {
          expect(of(`${topic}/findings`)).toBe(one.findings.length);
          expect(FATES.reduce((sum, fate) => sum + of(`${topic}/${fate}`), 0)).toBe(one.findings.length);
        }
        const undelivered = error instanceof UndeliveredError ? error.undelivered : [];
        expect(of('undelivered')).toBe(of('handedOver') + undelivered.length);
        expect(figures === undefined).toBe(undelivered.length > 0);
        for (const { topic, eventID } of undelivered) lost.add(`${topic} ${eventID}`);
        told.push(...sent.map(({ topic, Message }) => `${topic} ${Message}`));
      }
      told.push(...(await queues.contents(queueUrl)).map(({ topic, dedupKey }) => `${topic} ${dedupKey}`));
      const held = (await ledger.rows()).filter(({ pk }) => pk?.startsWith('held#')).map(({ finding }) => finding);
      for (const topic of TOPICS) {
        const all = [...told.filter((text) => text.startsWith(`${topic} `)), ...held].join('\n');
        for (const number of tries.flatMap(({ findings }) => findings)) {
          expect(all.includes(name(number)) || lost.has(`${topic} ${name(number)}`), `${topic} ${name(number)}`).toBe(
            true,
          );
        }
      }
    },
  );
});
