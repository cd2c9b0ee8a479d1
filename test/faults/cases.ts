import { EVERY_FAULT } from '../support/fault-mix.ts';
import type { Fault, FaultScript } from '../support/fault-proxy.ts';
import { always, at, atRandom, first, healthy, together, type Where } from '../support/fault-scripts.ts';

/** One row of the fault table. */
export interface FaultCase {
  readonly name: string;
  /** A new script for each run. */
  readonly script: () => FaultScript;
  /** How the one event ends: at the first try, at the second, in the failure bucket, or as it happens. @default first */
  readonly ends?: 'first' | 'retried' | 'bucket' | 'any';
  /** Findings (times topics) that must be in the queue of the undelivered before the redrive. @default 0 */
  readonly undelivered?: 'none' | 'some' | 'all';
  /** Replaces variables of the function. */
  readonly environment?: Readonly<Record<string, string>>;
}

const SNS: Where = { service: 'sns', action: 'PublishBatch' };
const FINDINGS: Where = { ...SNS, target: '-findings' };
const SQS: Where = { service: 'sqs', action: 'SendMessageBatch' };
const LEDGER: Where = { service: 'dynamodb' };

const refuse = (code: string): Fault => ({ kind: 'refuse', code });
const reset: Fault = { kind: 'reset', after: false };
const resetAfter: Fault = { kind: 'reset', after: true };
const silence: Fault = { kind: 'silence', after: false };
const silenceAfter: Fault = { kind: 'silence', after: true };
const slow = (milliseconds: number): Fault => ({ kind: 'slow', milliseconds });
const part = (code: string, senderFault: boolean, share = 3): Fault => ({
  kind: 'part',
  code,
  senderFault,
  refused: (index) => index % share === 0,
});
const allOf = (code: string): Fault => ({ kind: 'part', code, senderFault: true, refused: () => true });

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

/** SNS takes nothing, so that everything goes to the queue. */
const noSns = () => always(SNS, refuse('AuthorizationError'));

/** Each on its own, of one service; all of a kind until the redrive, unless the name says otherwise. */
export const FAULTS: readonly FaultCase[] = [
  { name: 'nothing', script: () => healthy },

  { name: 'SNS throttles some calls (Throttled)', script: () => first(4, SNS, refuse('Throttled')) },
  { name: 'SNS throttles some calls (Throttling)', script: () => first(4, SNS, refuse('Throttling')) },
  { name: 'SNS throttles every call', script: () => always(SNS, refuse('Throttled')), undelivered: 'all' },
  { name: 'SNS answers 500 to some calls', script: () => first(4, SNS, refuse('InternalError')) },
  { name: 'SNS answers 500 to every call', script: () => always(SNS, refuse('InternalError')), undelivered: 'all' },
  { name: 'SNS answers 503 to some calls', script: () => first(4, SNS, refuse('ServiceUnavailable')) },
  { name: 'SNS resets some connections', script: () => first(4, SNS, reset) },
  { name: 'SNS resets every connection', script: () => always(SNS, reset), undelivered: 'all' },
  { name: 'SNS takes a batch, then resets the connection', script: () => first(2, SNS, resetAfter) },
  { name: 'SNS never answers', script: () => always(SNS, silence), undelivered: 'all' },
  { name: 'SNS takes batches and never answers', script: () => always(SNS, silenceAfter), undelivered: 'all' },
  { name: 'SNS is slow', script: () => always(SNS, slow(300)) },
  { name: 'SNS refuses some entries for a while', script: () => first(6, SNS, part('InternalError', false)) },
  {
    name: 'SNS refuses some entries for good',
    script: () => always(SNS, part('InvalidParameter', true)),
    undelivered: 'some',
  },
  { name: 'SNS refuses every entry for good', script: () => always(SNS, allOf('KMSDisabled')), undelivered: 'all' },
  { name: 'SNS refuses a batch as invalid', script: () => at(2, FINDINGS, refuse('InvalidParameter')) },
  { name: 'SNS: KMSThrottling of some calls', script: () => first(4, SNS, refuse('KMSThrottling')) },
  { name: 'SNS: KMSThrottling of some entries', script: () => first(6, SNS, part('KMSThrottling', true)) },
  { name: 'SNS: KMSAccessDenied', script: () => always(SNS, refuse('KMSAccessDenied')), undelivered: 'all' },
  { name: 'SNS: KMSDisabled', script: () => always(SNS, refuse('KMSDisabled')), undelivered: 'all' },
  { name: 'SNS: KMSDisabled on one topic', script: () => always(FINDINGS, refuse('KMSDisabled')), undelivered: 'some' },
  { name: 'SNS: AuthorizationError', script: noSns, undelivered: 'all' },
  {
    name: 'SNS: AuthorizationError on one topic',
    script: () => always(FINDINGS, refuse('AuthorizationError')),
    undelivered: 'some',
  },
  {
    name: 'SNS refuses connections',
    script: () => healthy,
    environment: { AWS_ENDPOINT_URL_SNS: NOWHERE },
    undelivered: 'all',
  },
  { name: 'SNS: NotFound', script: () => always(SNS, refuse('NotFound')), undelivered: 'all' },

  ...(
    [
      ['throttles some calls', () => first(3, SQS, refuse('RequestThrottled')), 'first'],
      ['answers 500 to some calls', () => first(3, SQS, refuse('InternalFailure')), 'first'],
      ['resets some connections', () => first(3, SQS, reset), 'first'],
      ['takes a batch, then resets the connection', () => first(2, SQS, resetAfter), 'first'],
      ['is slow', () => always(SQS, slow(200)), 'first'],
      ['refuses some entries for a while', () => first(4, SQS, part('InternalError', false)), 'first'],
      ['throttles KMS for a while', () => first(3, SQS, refuse('KmsThrottled')), 'first'],
      ['throttles every call', () => always(SQS, refuse('RequestThrottled')), 'bucket'],
      ['resets every connection', () => always(SQS, reset), 'bucket'],
      ['never answers', () => always(SQS, silence), 'bucket'],
      ['takes batches and never answers', () => always(SQS, silenceAfter), 'bucket'],
      ['refuses some entries for good', () => always(SQS, part('InvalidMessageContents', true)), 'bucket'],
      ['refuses: AccessDenied', () => always(SQS, refuse('AccessDenied')), 'bucket'],
      ['refuses: KmsAccessDenied', () => always(SQS, refuse('KmsAccessDenied')), 'bucket'],
      ['refuses: KmsDisabled', () => always(SQS, refuse('KmsDisabled')), 'bucket'],
      ['is not there', () => always(SQS, refuse('QueueDoesNotExist')), 'bucket'],
    ] as const
  ).map(
    ([what, script, ends]): FaultCase => ({
      name: `SNS refuses, and the queue ${what}`,
      script: () => together(noSns(), script()),
      ends,
      ...(ends === 'first' && { undelivered: 'all' }),
    }),
  ),
  { name: 'the queue is down', script: () => always(SQS, reset) },
  {
    name: 'one topic refuses, and the queue is down',
    script: () => together(always(FINDINGS, refuse('AuthorizationError')), always(SQS, reset)),
    ends: 'bucket',
  },
  {
    name: 'SNS refuses, and the queue is down for the first try',
    // Three batches of each topic, to SNS and then to the queue.
    script: () => together(first(6, SNS, refuse('AuthorizationError')), first(6, SQS, refuse('AccessDenied'))),
    ends: 'retried',
  },

  {
    name: 'the ledger throttles (ProvisionedThroughputExceeded)',
    script: () => always(LEDGER, refuse('ProvisionedThroughputExceededException')),
  },
  { name: 'the ledger throttles (ThrottlingException)', script: () => always(LEDGER, refuse('ThrottlingException')) },
  {
    name: 'the ledger throttles some calls',
    script: () => first(10, LEDGER, refuse('ProvisionedThroughputExceededException')),
  },
  { name: 'the ledger answers 500', script: () => always(LEDGER, refuse('InternalServerError')) },
  { name: 'the ledger resets every connection', script: () => always(LEDGER, reset) },
  { name: 'the ledger resets some connections', script: () => first(10, LEDGER, reset) },
  { name: 'the ledger takes calls, then resets', script: () => first(20, LEDGER, resetAfter) },
  { name: 'the ledger takes every call, then resets', script: () => always(LEDGER, resetAfter) },
  { name: 'the ledger never answers', script: () => always(LEDGER, silence) },
  {
    name: 'the ledger refuses connections',
    script: () => healthy,
    environment: { AWS_ENDPOINT_URL_DYNAMODB: NOWHERE },
  },
  { name: 'the ledger is slow', script: () => always(LEDGER, slow(400)) },
  { name: 'the ledger takes calls too slowly', script: () => always(LEDGER, slow(900)) },
  { name: 'the ledger refuses: AccessDenied', script: () => always(LEDGER, refuse('AccessDeniedException')) },
  { name: 'the ledger is not there', script: () => always(LEDGER, refuse('ResourceNotFoundException')) },
  {
    name: 'the ledger leaves rows unprocessed',
    script: () => always({ ...LEDGER, action: 'BatchWriteItem' }, part('', false, 2)),
  },
  {
    name: 'the ledger remembers nothing that was sent',
    script: () => always({ ...LEDGER, action: 'BatchWriteItem' }, refuse('ThrottlingException')),
  },
  {
    name: 'the ledger and one topic refuse',
    script: () => together(always(LEDGER, reset), always(FINDINGS, refuse('AuthorizationError'))),
    undelivered: 'some',
  },

  {
    name: 'everything is down',
    script: () => together(always(SNS, reset), always(SQS, reset), always(LEDGER, reset)),
    ends: 'bucket',
  },
  {
    name: 'nothing ever answers',
    script: () => together(always(SNS, silence), always(SQS, silence), always(LEDGER, silence)),
    ends: 'bucket',
  },
  {
    name: 'no permission for anything',
    script: () =>
      together(noSns(), always(SQS, refuse('AccessDenied')), always(LEDGER, refuse('AccessDeniedException'))),
    ends: 'bucket',
  },
  {
    name: 'one topic, the queue and the ledger are down',
    script: () => together(always(FINDINGS, refuse('AuthorizationError')), always(SQS, reset), always(LEDGER, reset)),
    ends: 'bucket',
  },

  ...[1, 2, 3].map(
    (seed): FaultCase => ({
      name: `one call in five goes wrong, in any way (seed ${seed})`,
      script: () => atRandom(seed, 0.2, EVERY_FAULT),
      ends: 'any',
    }),
  ),
];
