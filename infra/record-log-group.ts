import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';

export interface RecordLogGroupProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly dataKeyArn: string;
}

/** The log group CloudTrail writes records to. Created with the trail; for an existing trail only named. */
export class RecordLogGroup extends Construct {
  readonly name: string;
  /** Without the `:*` that CloudTrail and Lambda permissions want behind it. */
  readonly arn: string;
  readonly dependencies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { config, names, place, dataKeyArn }: RecordLogGroupProps) {
    super(scope, id);
    if (config.trail !== 'create') {
      this.name = names.logGroup;
      this.arn = place.arn('logs', `log-group:${names.logGroup}`);
      this.dependencies = [];
      return;
    }
    const group = new CloudwatchLogGroup(this, 'group', {
      name: names.logGroup,
      // Only this class takes subscription and metric filters, and a group keeps the class it was created with.
      logGroupClass: 'STANDARD',
      retentionInDays: config.logRetentionDays,
      kmsKeyId: dataKeyArn,
      skipDestroy: !config.destroyData,
    });
    this.name = group.name;
    this.arn = group.arn;
    this.dependencies = [group];
  }
}
