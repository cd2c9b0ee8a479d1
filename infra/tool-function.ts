import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { AssetType, type ITerraformDependable, TerraformAsset } from 'cdktf';
import type { Construct } from 'constructs';
import type { FunctionZip } from './bundle.ts';

export interface ToolFunctionProps {
  readonly name: string;
  readonly description: string;
  readonly zip: Pick<FunctionZip, 'file' | 'sha256Base64'>;
  readonly role: { readonly arn: string; readonly dependencies: readonly ITerraformDependable[] };
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly logRetentionDays: number;
  readonly dataKeyArn: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A function beside the alert function, with a zip, a role and a log of its own: what one of them suffers is no other's. */
export function toolFunction(scope: Construct, props: ToolFunctionProps): LambdaFunction {
  const { name, description, zip, role, memoryMb, timeoutSeconds, logRetentionDays, dataKeyArn, environment } = props;
  // Before the function, or Lambda makes one that keeps everything and is not encrypted. It holds no records.
  const logGroup = new CloudwatchLogGroup(scope, 'log-group', {
    name: `/aws/lambda/${name}`,
    retentionInDays: logRetentionDays,
    kmsKeyId: dataKeyArn,
  });
  const asset = new TerraformAsset(scope, 'zip', { path: zip.file, type: AssetType.FILE });
  const variables = Object.entries(environment).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  return new LambdaFunction(scope, 'function', {
    functionName: name,
    description,
    role: role.arn,
    runtime: 'nodejs24.x',
    architectures: ['arm64'],
    handler: 'index.handler',
    filename: asset.path,
    sourceCodeHash: zip.sha256Base64,
    memorySize: memoryMb,
    timeout: timeoutSeconds,
    // Text leaves the function's own JSON lines as they are.
    loggingConfig: { logFormat: 'Text', logGroup: logGroup.name },
    environment: { variables: Object.fromEntries(variables) },
    dependsOn: [...role.dependencies],
  });
}
