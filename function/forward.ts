import type { Context, SQSBatchResponse } from 'aws-lambda';
import { parseForwardSettings } from './forward-settings.ts';
import { runForward } from './forwarding/invocation.ts';
import { kinesisLoader } from './sinks/kinesis.ts';
import { createLogger } from './sinks/logger.ts';
import { s3Loader } from './sources/objects/s3.ts';

/** Milliseconds kept at the end of an invocation for the metrics line and the answer. */
const RESERVE = 2_000;

const settings = parseForwardSettings(process.env);
const environment = {
  settings,
  logger: createLogger(),
  loadS3: s3Loader(),
  loadKinesis: kinesisLoader(settings.stream.region),
  now: () => new Date(),
};

/**
 * The forward function's Lambda handler: puts every record of the objects an event names into the stream.
 * @returns for messages of a queue, the partial batch response `{"batchItemFailures":[{"itemIdentifier":"…"}]}`; else the
 * figures of the invocation, by metric name
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function handler(event: unknown, context: Context): Promise<Record<string, number> | SQSBatchResponse> {
  const deadline = { remaining: () => context.getRemainingTimeInMillis() - RESERVE };
  const { figures, failedItems } = await runForward(environment, event, deadline);
  return failedItems ? { batchItemFailures: failedItems.map((itemIdentifier) => ({ itemIdentifier })) } : figures;
}
