/** Our own code for what the deadline left unsent, or sent and unanswered. */
export const OUT_OF_TIME = 'OutOfTime';

/**
 * Refusals that pass by themselves. SNS answers KMSThrottling with status 400, so the SDK's own retries leave it.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html#API_PublishBatch_Errors
 */
const PASSING = new Set([
  OUT_OF_TIME,
  'Throttled',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'KMSThrottling',
  'KMSThrottlingException',
  'InternalError',
  'InternalErrorException',
  'InternalFailure',
  'RequestTimeout',
  'ServiceUnavailable',
  'TimeoutError',
  'ECONNABORTED',
  'ECONNRESET',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Refusals of a whole batch that one entry may have caused. */
const CAUSED_BY_AN_ENTRY = new Set([
  'InvalidParameter',
  'InvalidParameterException',
  'InvalidParameterValue',
  'InvalidParameterValueException',
  'BatchRequestTooLong',
  'BatchRequestTooLongException',
  'ValidationException',
  'ValidationError',
]);

/** True when sending the same again can succeed. */
export function isPassing(code: string): boolean {
  return PASSING.has(code);
}

/** True when the other entries of the refused batch may be fine. */
export function mayBeOneEntry(code: string): boolean {
  return CAUSED_BY_AN_ENTRY.has(code);
}

/** The code of a failed call: our deadline's, the service's error name, else the network's, else that the service was in trouble. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UnknownError';
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  if (error.name === 'AbortError') return OUT_OF_TIME;
  if (PASSING.has(error.name)) return error.name;
  if (typeof code === 'string' && PASSING.has(code)) return code;
  if (($metadata?.httpStatusCode ?? 0) >= 500 || $metadata?.httpStatusCode === 429) return 'ServiceUnavailable';
  return error.name;
}
