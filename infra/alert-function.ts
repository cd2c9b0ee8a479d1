import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { AssetType, type ITerraformDependable, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { AlertEnvironment } from '../function/settings.ts';
import type { FunctionZip } from './bundle.ts';
import type { FailureStore } from './failure-store.ts';
import type { Fates } from './fates.ts';
import { FunctionRole, type FunctionRoleProps } from './function-role.ts';
import type { Topics } from './topics.ts';

export interface AlertFunctionProps extends FunctionRoleProps {
  readonly topics: Pick<Topics, 'alerts' | 'findings' | 'chat' | 'operations' | 'dependencies'>;
  readonly failureStore: Pick<FailureStore, 'bucketArn' | 'dependencies'>;
  readonly fates: Pick<Fates, 'ledger' | 'undelivered'>;
  readonly zip: Pick<FunctionZip, 'file' | 'sha256Base64'>;
}

/** The longest Lambda keeps an event that it cannot run. @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const MAX_EVENT_AGE_SECONDS = 6 * 60 * 60;

/**
 * The alert function, behind an alias that stays when its code changes. What fails three times, or waits six hours, goes
 * to the failure store with its payload.
 */
export class AlertFunction extends Construct {
  readonly functionName: string;
  readonly aliasArn: string;
  readonly aliasName: string;
  readonly roleArn: string;
  readonly logGroupName: string;
  /** What must be in place before anything invokes the alias. */
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: AlertFunctionProps) {
    super(scope, id);
    const { config, names, topics, failureStore, dataKeyArn, zip } = props;
    const { memoryMb, timeoutSeconds, reservedConcurrency, tracing, logRetentionDays } = config.function;
    // Before the function, or Lambda makes one that keeps everything and is not encrypted.
    const logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/lambda/${names.function}`,
      retentionInDays: logRetentionDays,
      kmsKeyId: dataKeyArn,
      skipDestroy: !config.destroyData,
    });
    const role = new FunctionRole(this, 'role', props);
    const asset = new TerraformAsset(this, 'zip', { path: zip.file, type: AssetType.FILE });
    const alert = new LambdaFunction(this, 'function', {
      functionName: names.function,
      description: 'Classifies CloudTrail records by severity, logs them and publishes the severe ones',
      role: role.arn,
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      filename: asset.path,
      sourceCodeHash: zip.sha256Base64,
      memorySize: memoryMb,
      timeout: timeoutSeconds,
      publish: true,
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      tracingConfig: { mode: tracing ? 'Active' : 'PassThrough' },
      // Text leaves the function's own JSON lines as they are; whether JSON would wrap metric lines is not documented.
      loggingConfig: { logFormat: 'Text', logGroup: logGroup.name },
      environment: { variables: environment(props) },
      dependsOn: [...role.dependencies, ...topics.dependencies, ...props.fates.undelivered.dependencies],
    });
    const alias = new LambdaAlias(this, 'alias', {
      name: names.functionAlias,
      functionName: alert.functionName,
      functionVersion: alert.version,
    });
    const invokeConfig = new LambdaFunctionEventInvokeConfig(this, 'invoke-config', {
      functionName: alert.functionName,
      qualifier: alias.name,
      maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
      maximumRetryAttempts: 2,
      destinationConfig: { onFailure: { destination: failureStore.bucketArn } },
      dependsOn: [...role.dependencies, ...failureStore.dependencies],
    });
    this.functionName = alert.functionName;
    this.aliasArn = alias.arn;
    this.aliasName = alias.name;
    this.roleArn = role.arn;
    this.logGroupName = logGroup.name;
    this.dependencies = [invokeConfig];
  }
}

function environment(props: AlertFunctionProps) {
  return {
    ...commonEnvironment(props),
    INCLUDE_RECORD: props.config.function.includeRecord ? 'true' : 'false',
    UNDELIVERED_QUEUE_URL: props.fates.undelivered.url,
  } satisfies AlertEnvironment;
}

/** What both functions are told: the topics, the ledger and how much a storm may send. */
export function commonEnvironment({ config, topics, fates }: Pick<AlertFunctionProps, 'config' | 'topics' | 'fates'>) {
  const { windowMinutes, messagesPerMinute } = config.storm;
  return {
    ALERTS_TOPIC_ARN: topics.alerts,
    FINDINGS_TOPIC_ARN: topics.findings,
    OPERATIONS_TOPIC_ARN: topics.operations,
    STORM_WINDOW_MINUTES: String(windowMinutes),
    MESSAGES_PER_MINUTE: String(messagesPerMinute),
    ...(fates.ledger.tableName !== undefined && { LEDGER_TABLE: fates.ledger.tableName }),
    ...(topics.chat !== undefined && { CHAT_TOPIC_ARN: topics.chat }),
  };
}
