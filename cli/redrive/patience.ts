/** How long a redrive waits for an answer of AWS: what is in hand must be done with before others may have it. */
export const PATIENCE = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;
