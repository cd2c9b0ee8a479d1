import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js';
import type { Construct } from 'constructs';
import type { AlertFunction } from './alert-function.ts';
import type { FailureStore } from './failure-store.ts';

export interface ReadStreamProps {
  readonly streamArn: string;
  readonly alertFunction: Pick<AlertFunction, 'aliasArn' | 'dependencies'>;
  readonly failureStore: Pick<FailureStore, 'bucketArn' | 'dependencies'>;
}

/** A batch beyond this goes to the failure store: well within the day the stream keeps it. */
const MAX_AGE_SECONDS = 6 * 60 * 60;

/**
 * The alert function reads a stream of payloads of CloudWatch Logs. A batch that keeps failing is halved until the bad
 * payload is alone, and that one goes to the failure store; none blocks its shard.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 */
export function readStream(scope: Construct, { streamArn, alertFunction, failureStore }: ReadStreamProps): void {
  new LambdaEventSourceMapping(scope, 'mapping', {
    eventSourceArn: streamArn,
    functionName: alertFunction.aliasArn,
    // Nothing written between the making of stream and mapping is passed over.
    startingPosition: 'TRIM_HORIZON',
    // Each record is a whole payload of up to 1 MB; an invocation takes 6 MB.
    batchSize: 10,
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 5,
    maximumRecordAgeInSeconds: MAX_AGE_SECONDS,
    functionResponseTypes: ['ReportBatchItemFailures'],
    destinationConfig: { onFailure: { destinationArn: failureStore.bucketArn } },
    dependsOn: [...alertFunction.dependencies, ...failureStore.dependencies],
  });
}
