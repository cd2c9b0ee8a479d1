import { CloudwatchLogSubscriptionFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { Construct } from 'constructs';
import type { AlertFunction } from './alert-function.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';

/**
 * The filter's address in the state, whatever it feeds. A filter cannot change its destination, so switching makes the new
 * one, under another name, before the old one goes: a few records come twice, none is lost. For that moment the log group
 * needs a free place, of two.
 */
export const SUBSCRIPTION_FILTER_ID = 'subscription-filter';

export interface DirectSubscriptionProps {
  readonly names: Names;
  readonly place: Place;
  /** `arn` without `:*`. */
  readonly logGroup: { readonly name: string; readonly arn: string };
  readonly alertFunction: Pick<AlertFunction, 'functionName' | 'aliasName' | 'dependencies'>;
  /** Empty for every record. */
  readonly filterPattern: string;
}

/**
 * The log group invokes the function's alias itself, asynchronously. A wrong permission would lose records: CloudWatch
 * Logs then skips up to ten minutes of them, so the filter waits for the permission and the permission outlasts it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export class DirectSubscription extends Construct {
  readonly filterName: string;
  readonly destinationType = 'Lambda';

  constructor(scope: Construct, id: string, props: DirectSubscriptionProps) {
    super(scope, id);
    const { names, place, logGroup, alertFunction, filterPattern } = props;
    const permission = new LambdaPermission(this, 'permission', {
      // A new permission is added before the old one goes, which takes a name of its own.
      statementIdPrefix: `${names.prefix}-logs-`,
      action: 'lambda:InvokeFunction',
      functionName: alertFunction.functionName,
      qualifier: alertFunction.aliasName,
      principal: `logs.${place.region}.${place.dnsSuffix}`,
      sourceArn: `${logGroup.arn}:*`,
      sourceAccount: place.account,
      lifecycle: { createBeforeDestroy: true },
    });
    const filter = new CloudwatchLogSubscriptionFilter(this, 'filter', {
      name: names.subscriptionFilter,
      logGroupName: logGroup.name,
      filterPattern,
      // A string: an ARN known only after apply would replace the filter by one of the same name.
      destinationArn: place.arn('lambda', `function:${names.function}:${names.functionAlias}`),
      dependsOn: [permission, ...alertFunction.dependencies],
      lifecycle: { createBeforeDestroy: true },
    });
    filter.overrideLogicalId(SUBSCRIPTION_FILTER_ID);
    this.filterName = names.subscriptionFilter;
  }
}
