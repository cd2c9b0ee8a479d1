import type { Fault } from './fault-proxy.ts';

const refuse = (...codes: readonly string[]): Fault[] => codes.map((code) => ({ kind: 'refuse', code }));

const reset: Fault = { kind: 'reset', after: false };
const resetAfter: Fault = { kind: 'reset', after: true };
const silence: Fault = { kind: 'silence', after: false };
const silenceAfter: Fault = { kind: 'silence', after: true };
const part = (code: string, senderFault: boolean): Fault => ({
  kind: 'part',
  code,
  senderFault,
  refused: (index) => index % 2 === 0,
});

/** Everything that may go wrong with a call, by service. */
export const EVERY_FAULT = {
  sns: [
    reset,
    resetAfter,
    silence,
    silenceAfter,
    { kind: 'slow', milliseconds: 500 },
    part('InternalError', false),
    part('InvalidParameter', true),
    ...refuse('Throttled', 'Throttling', 'InternalError', 'ServiceUnavailable', 'KMSThrottling'),
    ...refuse('KMSAccessDenied', 'KMSDisabled', 'AuthorizationError'),
  ],
  sqs: [
    reset,
    resetAfter,
    silence,
    silenceAfter,
    part('InternalError', false),
    ...refuse('RequestThrottled', 'InternalFailure', 'KmsThrottled', 'KmsDisabled', 'AccessDenied'),
  ],
  dynamodb: [
    reset,
    resetAfter,
    silence,
    silenceAfter,
    { kind: 'slow', milliseconds: 300 },
    part('', false),
    ...refuse('ProvisionedThroughputExceededException', 'ThrottlingException', 'InternalServerError'),
    ...refuse('AccessDeniedException'),
  ],
} satisfies Record<'sns' | 'sqs' | 'dynamodb', [Fault, ...Fault[]]>;
