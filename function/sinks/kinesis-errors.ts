import { isPassing } from './sns-errors.ts';

/**
 * Refusals of Kinesis's own that pass by themselves, of an entry or of a request.
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html#API_PutRecords_Errors
 */
const PASSING = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'InternalFailureException',
  'ServiceUnavailableException',
  'KMSThrottlingException',
]);

/** Refusals of a whole request that one entry may have caused. */
const CAUSED_BY_AN_ENTRY = new Set(['InvalidArgumentException', 'ValidationException', 'SerializationException']);

/** True when putting the same again can succeed. */
export function passesOnStream(code: string): boolean {
  return PASSING.has(code) || isPassing(code);
}

/** True when the other entries of the refused request may be fine. */
export function mayBeOneStreamEntry(code: string): boolean {
  return CAUSED_BY_AN_ENTRY.has(code);
}
