import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition/index.js';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js';
import { Construct } from 'constructs';

/** Where the stack is deployed, asked of the provider: no Region, account or partition is written down. */
export class Place extends Construct {
  readonly partition: string;
  readonly dnsSuffix: string;
  readonly region: string;
  readonly account: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const partition = new DataAwsPartition(this, 'partition');
    this.partition = partition.partition;
    this.dnsSuffix = partition.dnsSuffix;
    this.region = new DataAwsRegion(this, 'region').region;
    this.account = new DataAwsCallerIdentity(this, 'caller').accountId;
  }

  /** An ARN in this account and Region, as a string: policies that name each other's resources then make no cycle. */
  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.account}:${resource}`;
  }

  /** An ARN of a global service in this account. */
  globalArn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}::${this.account}:${resource}`;
  }
}
