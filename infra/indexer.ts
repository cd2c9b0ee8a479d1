import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js';
import { Construct } from 'constructs';
import type { IndexEnvironment } from '../function/index-settings.ts';
import type { FunctionZip } from './bundle.ts';
import type { Config } from './config.ts';
import { IndexRole } from './index-role.ts';
import type { Names } from './names.ts';
import { deadLetterQueue, NoticeQueue } from './notice-queue.ts';
import type { Notices } from './notices.ts';
import { MAX_RECEIVES } from './object-source.ts';
import type { Place } from './place.ts';
import { INDEX_ALARMS } from './reader-alarms.ts';
import { toolAlarms } from './tool-alarms.ts';
import { toolFunction } from './tool-function.ts';
import type { ToolOutput } from './tool-outputs.ts';

export interface IndexerProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly settings: NonNullable<Config['indexer']>;
  readonly notices: Notices;
  readonly dataKeyArn: string;
  readonly operationsTopicArn: string;
  readonly zip: Pick<FunctionZip, 'file' | 'sha256Base64'>;
}

/**
 * Bucket -> (topic or rule ->) queue -> `index` -> OpenSearch, Elasticsearch or NDJSON over HTTPS. A message that fails
 * five times goes to dead letters; a record that the output refuses for good to the queue of refused ones, with the reason.
 */
export class Indexer extends Construct {
  readonly roleArn: string;
  readonly outputs: readonly ToolOutput[];

  constructor(scope: Construct, id: string, props: IndexerProps) {
    super(scope, id);
    const { config, names, place, settings, notices, dataKeyArn, operationsTopicArn, zip } = props;
    const { timeoutSeconds, memoryMb, logRetentionDays, messagesPerInvocation, maximumConcurrency } = settings;
    const { keyArn } = notices;
    const queue = settings.queueArn === undefined ? this.#queue(props) : undefined;
    const refused = deadLetterQueue(this, 'refused', { name: names.indexer.refusedQueue, keyArn });
    const role = new IndexRole(this, 'role', { config, settings, names, place, dataKeyArn, noticeKeyArn: keyArn });
    const index = toolFunction(this, {
      name: names.indexer.function,
      description: 'Puts every record of new CloudTrail files into an index',
      zip,
      role,
      memoryMb,
      timeoutSeconds,
      logRetentionDays,
      dataKeyArn,
      environment: environment(refused.url, settings),
    });
    const eventSourceArn = queue?.arn ?? settings.queueArn;
    new LambdaEventSourceMapping(this, 'mapping', {
      ...(eventSourceArn && { eventSourceArn }),
      functionName: index.arn,
      batchSize: messagesPerInvocation,
      functionResponseTypes: ['ReportBatchItemFailures'],
      // What the output bears; without it every waiting message makes another writer.
      scalingConfig: { maximumConcurrency },
      dependsOn: [...role.dependencies, ...refused.dependencies, ...(queue?.dependencies ?? [])],
    });
    if (queue) notices.tellQueue('indexer', queue);
    toolAlarms(this, {
      prefix: names.prefix,
      operationsTopicArn,
      alarms: INDEX_ALARMS,
      watched: {
        function: names.indexer.function,
        refused: refused.name,
        ...(queue && { queue: queue.name, failed: queue.deadLetters.name }),
      },
    });
    this.roleArn = role.arn;
    this.outputs = [
      ['index_function_name', 'The function that indexes records.', index.functionName],
      ['index_role_arn', 'Its role: the output must let it in.', role.arn],
      ['index_refused_queue_url', 'Records that the output refused for good wait here.', refused.url],
      ...(queue
        ? ([
            ['index_queue_url', 'Notices of new files come here; so may those of old ones.', queue.url],
            ['index_dead_letter_queue_url', 'Notices of files that failed wait here.', queue.deadLetters.url],
          ] as const)
        : []),
    ];
  }

  #queue({ place, names, settings, notices }: IndexerProps): NoticeQueue {
    const { index, indexFailed } = names.objects.queues;
    return new NoticeQueue(this, 'queue', {
      place,
      name: index,
      deadLettersName: indexFailed,
      keyArn: notices.keyArn,
      // AWS advises six times the function's timeout.
      visibilitySeconds: 6 * settings.timeoutSeconds,
      retentionDays: 7,
      maxReceives: MAX_RECEIVES,
      sender: notices.sender,
    });
  }
}

function environment(refusedQueueUrl: string, settings: IndexerProps['settings']) {
  const { endpoint, output, authorization, secretArn, indexPrefix, raw, maxBatchBytes, maxBatchRecords } = settings;
  return {
    INDEX_ENDPOINT: endpoint,
    INDEX_OUTPUT: output,
    INDEX_AUTHORIZATION: authorization,
    ...(secretArn !== undefined && { INDEX_SECRET_ARN: secretArn }),
    INDEX_PREFIX: indexPrefix,
    INDEX_RAW: raw ? 'true' : 'false',
    INDEX_MAX_BATCH_BYTES: String(maxBatchBytes),
    INDEX_MAX_BATCH_RECORDS: String(maxBatchRecords),
    DEAD_LETTER_QUEUE_URL: refusedQueueUrl,
  } satisfies IndexEnvironment;
}
