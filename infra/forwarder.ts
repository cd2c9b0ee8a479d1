import { KinesisStream } from '@cdktf/provider-aws/lib/kinesis-stream/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { Construct } from 'constructs';
import type { ForwardEnvironment } from '../function/forward-settings.ts';
import type { FunctionZip } from './bundle.ts';
import type { Config } from './config.ts';
import { ForwardDashboard } from './forward-dashboard.ts';
import { ForwardRole } from './forward-role.ts';
import type { Names } from './names.ts';
import { deadLetterQueue } from './notice-queue.ts';
import type { Notices } from './notices.ts';
import type { Place } from './place.ts';
import { FORWARD_ALARMS } from './reader-alarms.ts';
import { toolAlarms } from './tool-alarms.ts';
import { toolFunction } from './tool-function.ts';
import type { ToolOutput } from './tool-outputs.ts';

export interface ForwarderProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly settings: NonNullable<Config['forwarder']>;
  readonly notices: Notices;
  readonly dataKeyArn: string;
  readonly operationsTopicArn: string;
  readonly zip: Pick<FunctionZip, 'file' | 'sha256Base64'>;
}

/** The longest Lambda keeps an event that it cannot run. @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const MAX_EVENT_AGE_SECONDS = 6 * 60 * 60;

/**
 * Bucket -> topic (or rule) -> `forward` -> Kinesis data stream. A notice that fails three times, or waits six hours, goes
 * to a queue of its own: it names the files, and they are still in the bucket.
 */
export class Forwarder extends Construct {
  readonly roleArn: string;
  readonly outputs: readonly ToolOutput[];

  constructor(scope: Construct, id: string, props: ForwarderProps) {
    super(scope, id);
    const { config, names, place, settings, notices, dataKeyArn, operationsTopicArn, zip } = props;
    const { shards, streamKey, memoryMb, timeoutSeconds, logRetentionDays } = settings;
    const own = names.forwarder;
    const isOnDemand = shards === 'on-demand';
    const stream = new KinesisStream(this, 'stream', {
      name: own.stream,
      streamModeDetails: { streamMode: isOnDemand ? 'ON_DEMAND' : 'PROVISIONED' },
      ...(!isOnDemand && { shardCount: shards }),
      retentionPeriod: settings.streamRetentionDays * 24,
      ...(settings.maxRecordKib > 1024 && { maxRecordSizeInKib: settings.maxRecordKib }),
      encryptionType: 'KMS',
      kmsKeyId: streamKey,
    });
    const failures = deadLetterQueue(this, 'failed', {
      name: names.objects.queues.forwarderFailed,
      keyArn: notices.keyArn,
      sender: notices.sender,
    });
    const role = new ForwardRole(this, 'role', {
      config,
      names,
      place,
      dataKeyArn,
      noticeKeyArn: notices.keyArn,
      streamKeyArn: streamKey === 'alias/aws/kinesis' ? undefined : streamKey,
      failuresArn: failures.arn,
    });
    const forward = toolFunction(this, {
      name: own.function,
      description: 'Puts every record of new CloudTrail files into a Kinesis data stream',
      zip,
      role,
      memoryMb,
      timeoutSeconds,
      logRetentionDays,
      dataKeyArn,
      environment: environment(stream.arn, settings),
    });
    const invokeConfig = new LambdaFunctionEventInvokeConfig(this, 'invoke-config', {
      functionName: forward.functionName,
      maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
      maximumRetryAttempts: 2,
      destinationConfig: { onFailure: { destination: failures.arn } },
      dependsOn: [...role.dependencies, ...failures.dependencies],
    });
    notices.tellFunction('forwarder', {
      functionName: forward.functionName,
      arn: forward.arn,
      deadLetters: failures,
      dependencies: [invokeConfig],
    });
    const watched = { function: own.function, stream: own.stream, failed: failures.name };
    toolAlarms(this, { prefix: names.prefix, operationsTopicArn, alarms: FORWARD_ALARMS, watched });
    new ForwardDashboard(this, 'dashboard', { config, names });
    this.roleArn = role.arn;
    this.outputs = [
      ['forward_stream_arn', 'Every record is put into this stream.', stream.arn],
      ['forward_stream_name', 'Its name.', own.stream],
      ['forward_function_name', 'The function that puts them there.', forward.functionName],
      ['forward_failed_queue_url', 'Notices of files that it failed on wait here.', failures.url],
    ];
  }
}

function environment(streamArn: string, settings: ForwarderProps['settings']) {
  const { format, recordsPerPack, partitionBy, maxRecordKib } = settings;
  return {
    STREAM_ARN: streamArn,
    STREAM_FORMAT: format,
    STREAM_PARTITION_BY: partitionBy,
    STREAM_MAX_RECORD_BYTES: String(maxRecordKib * 1024),
    ...(format !== 'record' && { STREAM_RECORDS_PER_PACK: String(recordsPerPack) }),
  } satisfies ForwardEnvironment;
}
