import type { Context, KinesisStreamBatchResponse } from 'aws-lambda';
import { alertEnvironment } from './alert-environment.ts';
import { compilePolicy } from './core/policy.ts';
import { runInvocation } from './invocation.ts';
import { readPacked } from './packed.ts';
import { parseSettings } from './settings.ts';
import { createLogger } from './sinks/logger.ts';
import { snsLoader } from './sinks/sns.ts';

/** Milliseconds kept at the end of an invocation for the metrics line and the answer. */
const RESERVE = 2_000;

const settings = parseSettings(process.env);
const { severities, teams } = readPacked(new URL('./severities.json', import.meta.url));
const environment = alertEnvironment({
  settings,
  policy: compilePolicy(severities),
  teams,
  logger: createLogger(),
  loadSns: snsLoader(),
  now: () => new Date(),
});

/**
 * The alert function's Lambda handler: classifies, logs and publishes every record of an event.
 * @returns for a batch, the partial batch response `{"batchItemFailures":[{"itemIdentifier":"…"}]}`; else the figures of
 * the invocation, by metric name
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export async function handler(
  event: unknown,
  context: Context,
): Promise<Record<string, number> | KinesisStreamBatchResponse> {
  const deadline = { remaining: () => context.getRemainingTimeInMillis() - RESERVE };
  // Asynchronous tries of one event share its request id.
  const { figures, failedItems } = await runInvocation(environment, event, deadline, context.awsRequestId);
  return failedItems ? { batchItemFailures: failedItems.map((itemIdentifier) => ({ itemIdentifier })) } : figures;
}
