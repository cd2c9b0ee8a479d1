import { fromEnv } from '@aws-sdk/credential-provider-env';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { parseIndexSettings } from './index-settings.ts';
import { indexEnvironment } from './indexing/index-environment.ts';
import { indexEvent } from './indexing/index-event.ts';
import { createLogger } from './sinks/logger.ts';

/** Milliseconds kept at the end of an invocation for the metrics line and the answer. */
const RESERVE = 2_000;

const indexing = indexEnvironment({
  settings: parseIndexSettings(process.env),
  logger: createLogger(),
  credentials: fromEnv(),
  now: () => new Date(),
});

/**
 * The index function's Lambda handler: takes every record of the objects an event names to the index, or to the lines
 * output.
 * @returns for a batch, the partial batch response `{"batchItemFailures":[{"itemIdentifier":"…"}]}`; else the figures of
 * the invocation, by metric name
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function handler(event: unknown, context: Context): Promise<Record<string, number> | SQSBatchResponse> {
  const deadline = { remaining: () => context.getRemainingTimeInMillis() - RESERVE };
  const { figures, failedItems } = await indexEvent(indexing, event, deadline);
  return failedItems ? { batchItemFailures: failedItems.map((itemIdentifier) => ({ itemIdentifier })) } : figures;
}
