import { describe, expect, test } from 'vitest';
import { arn, resourceOf, resources } from './iam.ts';
import { addressOf, LOG_GROUP, trailSide } from './trail-side.ts';

describe('the record log group', () => {
  const { stack, told } = trailSide();

  test('keeps records encrypted, for a year', () => {
    expect(resourceOf(stack, 'aws_cloudwatch_log_group')).toMatchObject({
      name: '/trailbell/cloudtrail',
      retention_in_days: 365,
      kms_key_id: `\${${addressOf(stack, 'aws_kms_key')}.arn}`,
    });
  });

  test('is of the class that takes subscription and metric filters', () => {
    expect(resourceOf(stack, 'aws_cloudwatch_log_group')['log_group_class']).toBe('STANDARD');
  });

  test('keeps records for as long as told', () => {
    const { stack } = trailSide({ logRetentionDays: 30 });
    expect(resourceOf(stack, 'aws_cloudwatch_log_group')['retention_in_days']).toBe(30);
  });

  test('stays on destroy, unless told otherwise', () => {
    expect(resourceOf(stack, 'aws_cloudwatch_log_group')['skip_destroy']).toBe(true);
    const { stack: other } = trailSide({ destroyData: true });
    expect(resourceOf(other, 'aws_cloudwatch_log_group')['skip_destroy']).toBe(false);
  });

  test('tells its name, and its ARN without a wildcard', () => {
    expect(told).toMatchObject({ logGroupName: '/trailbell/cloudtrail', logGroupArn: LOG_GROUP });
  });

  test('has another name in a stack of another name', () => {
    expect(trailSide({ name: 'audit' }).told.logGroupName).toBe('/audit/cloudtrail');
  });
});

describe('the log group of an existing trail', () => {
  const { stack, told } = trailSide({ trail: { logGroupName: 'CloudTrail/org' } });

  test('is named and never created', () => {
    expect(resources(stack, 'aws_cloudwatch_log_group').size).toBe(0);
    expect(told).toMatchObject({
      logGroupName: 'CloudTrail/org',
      logGroupArn: arn('logs', 'log-group:CloudTrail/org'),
    });
  });
});
