import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { commonEnvironment } from './alert-function.ts';
import type { FunctionZip } from './bundle.ts';
import { DigestRole, type DigestRoleProps } from './digest-role.ts';
import type { Topics } from './topics.ts';

export interface DigestFunctionProps extends DigestRoleProps {
  readonly topics: Pick<Topics, 'alerts' | 'findings' | 'chat' | 'operations' | 'dependencies'>;
  readonly zip: Pick<FunctionZip, 'file' | 'sha256Base64'>;
}

/** Seconds between two runs, within which one that waits for its turn may start late. */
const EVERY_SECONDS = 300;

/**
 * The function that writes what a window held back, every five minutes. A rule of EventBridge invokes it, because a
 * permission for one rule is less than the role that a schedule of EventBridge Scheduler needs. It is not tried again: the
 * next run does what one left undone, and two at once would send a digest twice.
 */
export class DigestFunction extends Construct {
  constructor(scope: Construct, id: string, props: DigestFunctionProps) {
    super(scope, id);
    const { config, names, topics, dataKeyArn, zip } = props;
    // It says which digests went and nothing of records, so it goes with the stack.
    const logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/lambda/${names.digestFunction}`,
      retentionInDays: config.function.logRetentionDays,
      kmsKeyId: dataKeyArn,
    });
    const role = new DigestRole(this, 'role', props);
    const asset = new TerraformAsset(this, 'zip', { path: zip.file, type: AssetType.FILE });
    const digest = new LambdaFunction(this, 'function', {
      functionName: names.digestFunction,
      description: 'Publishes a digest of the findings that a storm held back',
      role: role.arn,
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      filename: asset.path,
      sourceCodeHash: zip.sha256Base64,
      memorySize: 1024,
      timeout: 60,
      loggingConfig: { logFormat: 'Text', logGroup: logGroup.name },
      environment: { variables: commonEnvironment(props) },
      dependsOn: [...role.dependencies, ...topics.dependencies],
    });
    new LambdaFunctionEventInvokeConfig(this, 'invoke-config', {
      functionName: digest.functionName,
      maximumEventAgeInSeconds: EVERY_SECONDS,
      maximumRetryAttempts: 0,
    });
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: names.digestRule,
      description: 'Looks for windows of held back findings that are over',
      scheduleExpression: `rate(${EVERY_SECONDS / 60} minutes)`,
    });
    const permission = new LambdaPermission(this, 'permission', {
      statementIdPrefix: `${names.prefix}-rule-`,
      action: 'lambda:InvokeFunction',
      functionName: digest.functionName,
      principal: 'events.amazonaws.com',
      // It names the account; whether EventBridge says the account apart from it is not documented.
      sourceArn: rule.arn,
      lifecycle: { createBeforeDestroy: true },
    });
    new CloudwatchEventTarget(this, 'target', { rule: rule.name, arn: digest.arn, dependsOn: [permission] });
  }
}
