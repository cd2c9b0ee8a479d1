import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { Names } from './names.ts';
import type { Place } from './place.ts';
import type { RecordLogGroup } from './record-log-group.ts';
import type { TrailBucket } from './trail-bucket.ts';

export interface TrailProps {
  readonly config: Config;
  readonly names: Names;
  readonly place: Place;
  readonly bucket: Pick<TrailBucket, 'name' | 'dependencies'>;
  readonly logGroup: Pick<RecordLogGroup, 'arn' | 'dependencies'>;
  readonly dataKeyArn: string;
  readonly dataKeyDependencies: readonly ITerraformDependable[];
}

/** A multi-Region trail with global events and log-file validation, and the role that delivers it to the log group. */
export class Trail extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    const { config, names, bucket, logGroup, dataKeyArn, dataKeyDependencies } = props;
    const { keyPrefix, organizationId } = config.trailOptions;
    const role = new IamRole(this, 'delivery-role', {
      name: names.deliveryRole,
      description: `Lets the trail ${names.trail} write to its log group`,
      assumeRolePolicy: trustPolicy(),
      ...(config.permissionsBoundary !== undefined && { permissionsBoundary: config.permissionsBoundary }),
    });
    const rolePolicy = new IamRolePolicy(this, 'delivery-policy', {
      name: 'deliver-records',
      role: role.name,
      policy: deliveryPolicy(props),
    });
    const trail = new Cloudtrail(this, 'trail', {
      name: names.trail,
      s3BucketName: bucket.name,
      ...(keyPrefix !== undefined && { s3KeyPrefix: keyPrefix }),
      // CloudTrail takes the group's ARN only with the wildcard, which the provider strips from the group's own.
      cloudWatchLogsGroupArn: `${logGroup.arn}:*`,
      cloudWatchLogsRoleArn: role.arn,
      kmsKeyId: dataKeyArn,
      enableLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      isOrganizationTrail: organizationId !== undefined,
      // CreateTrail tries bucket policy, role and key at once; no attribute above refers to these policies.
      dependsOn: [...bucket.dependencies, ...logGroup.dependencies, rolePolicy, ...dataKeyDependencies],
    });
    this.arn = trail.arn;
  }
}

/**
 * The account the trail belongs to. An organization's trail belongs to the management account, also when a delegated
 * administrator creates it.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
 */
export function trailOwner({ trailOptions }: Config, place: Place): string {
  return trailOptions.managementAccountId ?? place.account;
}

/** The trail's ARN as a string: bucket, key and role name the trail before it exists. */
export function trailArn(config: Config, names: Names, place: Place): string {
  return `arn:${place.partition}:cloudtrail:${place.region}:${trailOwner(config, place)}:trail/${names.trail}`;
}

/**
 * Without a condition: CloudTrail does not say which trail it takes the role on for, and would be refused.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
 */
function trustPolicy(): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TrailAssumesRole',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ],
  });
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html */
function deliveryPolicy({ config, names, place }: TrailProps): string {
  const { managementAccountId, organizationId } = config.trailOptions;
  const accounts = [place.account, ...(managementAccountId === undefined ? [] : [managementAccountId])];
  // CloudTrail numbers its streams, and names those of member accounts after the organization: hence the wildcards.
  const streams = [
    ...accounts.map((account) => `${account}_CloudTrail_${place.region}*`),
    ...(organizationId === undefined ? [] : [`${organizationId}_*`]),
  ];
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'DeliverRecords',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: streams.map((stream) => place.arn('logs', `log-group:${names.logGroup}:log-stream:${stream}`)),
      },
    ],
  });
}
