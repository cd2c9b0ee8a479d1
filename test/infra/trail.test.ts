import { describe, expect, test } from 'vitest';
import { ACCOUNT, decide, policyOf, resourceOf, resources, roleArn, type Synthesised } from './iam.ts';
import {
  addresses,
  addressOf,
  LOG_GROUP,
  MANAGEMENT,
  ORGANIZATION,
  TOPOLOGIES,
  TRAIL,
  trailSide,
} from './trail-side.ts';

const ORGANIZATIONAL = { trailOptions: { organizationId: ORGANIZATION } };
const DELEGATED = { trailOptions: { organizationId: ORGANIZATION, managementAccountId: MANAGEMENT } };
const EXISTING_TRAIL = { trail: { logGroupName: 'org-trail' } };

describe('the trail', () => {
  const { stack } = trailSide();
  const trail = resourceOf(stack, 'aws_cloudtrail');

  test('records every Region and the global services, with digests, under the data key', () => {
    expect(trail).toMatchObject({
      name: 'trailbell',
      enable_logging: true,
      is_multi_region_trail: true,
      include_global_service_events: true,
      enable_log_file_validation: true,
      is_organization_trail: false,
      kms_key_id: `\${${addressOf(stack, 'aws_kms_key')}.arn}`,
      s3_bucket_name: `\${${addressOf(stack, 'aws_s3_bucket')}.bucket}`,
    });
    expect(trail).not.toHaveProperty('s3_key_prefix');
  });

  test('names its log group with the wildcard CloudTrail insists on, once', () => {
    expect(trail['cloud_watch_logs_group_arn']).toBe(`\${${addressOf(stack, 'aws_cloudwatch_log_group')}.arn}:*`);
    expect(trail['cloud_watch_logs_role_arn']).toBe(`\${${addressOf(stack, 'aws_iam_role')}.arn}`);
  });

  test('waits for everything CreateTrail tries', () => {
    expect(trail['depends_on']).toEqual(
      expect.arrayContaining(
        ['aws_s3_bucket_policy', 'aws_iam_role_policy', 'aws_kms_key', 'aws_cloudwatch_log_group'].map((type) =>
          addressOf(stack, type),
        ),
      ),
    );
  });

  test('does not wait for what is not the stack’s', () => {
    const { stack } = trailSide({
      existingDataKeyArn: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/x`,
      trailOptions: { existingBucket: 'audit-archive' },
    });
    expect(resourceOf(stack, 'aws_cloudtrail')['depends_on']).toEqual([
      addressOf(stack, 'aws_cloudwatch_log_group'),
      addressOf(stack, 'aws_iam_role_policy'),
    ]);
  });

  test.each([
    [{}, false],
    [ORGANIZATIONAL, true],
    [DELEGATED, true],
  ])('covers the organization when one is named (%o: %s)', (parts, covers) => {
    expect(resourceOf(trailSide(parts).stack, 'aws_cloudtrail')['is_organization_trail']).toBe(covers);
  });

  test('is neither created nor given a role when there is one already', () => {
    const { stack } = trailSide(EXISTING_TRAIL);
    expect(resources(stack, 'aws_cloudtrail').size + resources(stack, 'aws_iam_role').size).toBe(0);
  });
});

describe('the delivery role', () => {
  const cloudTrail = 'cloudtrail.amazonaws.com';
  const role = roleArn('trailbell-trail-to-logs');
  test.each([
    ['is assumed by CloudTrail, which names no trail as it does so', cloudTrail, 'Allowed'],
    ['is not assumed by another service', 'lambda.amazonaws.com', 'ImplicitlyDenied'],
    ['is not assumed by another role', roleArn('other'), 'ImplicitlyDenied'],
  ])('%s', async (_, principal, decision) => {
    const resourcePolicy = policyOf(trailSide().stack, 'aws_iam_role', '', 'assume_role_policy');
    expect(await decide({ principal, action: 'sts:AssumeRole', resource: role, resourcePolicy })).toBe(decision);
  });

  const stream = (name: string) => `${LOG_GROUP}:log-stream:${name}`;
  const own = stream(`${ACCOUNT}_CloudTrail_eu-central-1`);
  const members = stream(`${ORGANIZATION}_${MANAGEMENT}_CloudTrail_eu-central-1`);
  test.each([
    ['creates the trail’s streams', {}, 'logs:CreateLogStream', own, 'Allowed'],
    ['writes to them', {}, 'logs:PutLogEvents', own, 'Allowed'],
    ['writes to a numbered stream', {}, 'logs:PutLogEvents', `${own}_2`, 'Allowed'],
    ['writes to no other stream', {}, 'logs:PutLogEvents', stream('forged'), 'ImplicitlyDenied'],
    ['writes to no other log group', {}, 'logs:PutLogEvents', own.replace('/cloudtrail', '/other'), 'ImplicitlyDenied'],
    ['writes for no organization', {}, 'logs:PutLogEvents', members, 'ImplicitlyDenied'],
    ['writes for members of its organization', ORGANIZATIONAL, 'logs:PutLogEvents', members, 'Allowed'],
    ['writes for members when delegated', DELEGATED, 'logs:CreateLogStream', members, 'Allowed'],
    [
      'writes for the management account when delegated',
      DELEGATED,
      'logs:PutLogEvents',
      stream(`${MANAGEMENT}_CloudTrail_eu-central-1`),
      'Allowed',
    ],
    ['reads nothing', {}, 'logs:GetLogEvents', own, 'ImplicitlyDenied'],
    ['deletes no stream', {}, 'logs:DeleteLogStream', own, 'ImplicitlyDenied'],
    ['deletes no log group', {}, 'logs:DeleteLogGroup', LOG_GROUP, 'ImplicitlyDenied'],
    ['cannot stop the trail', {}, 'cloudtrail:StopLogging', TRAIL, 'ImplicitlyDenied'],
    ['cannot change itself', {}, 'iam:PutRolePolicy', role, 'ImplicitlyDenied'],
  ])('%s', async (_, parts, action, resource, decision) => {
    const identityPolicy = policyOf(trailSide(parts).stack, 'aws_iam_role_policy');
    expect(await decide({ principal: role, action, resource, identityPolicy })).toBe(decision);
  });

  test('stays inside the permissions boundary, where there is one', () => {
    const boundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
    const { stack } = trailSide({ permissionsBoundary: boundary });
    expect(resourceOf(stack, 'aws_iam_role')['permissions_boundary']).toBe(boundary);
    expect(resourceOf(trailSide().stack, 'aws_iam_role')).not.toHaveProperty('permissions_boundary');
  });
});

describe.each([...TOPOLOGIES])('the trail’s half of a stack with %s', (_, parts) => {
  const { stack } = trailSide(parts);

  test('has no cycle', () => {
    expect(cycleIn(stack)).toBeUndefined();
  });

  test('replaces nothing of the plain one: names, class and addresses are the same', () => {
    const plain = trailSide().stack;
    const kept = {
      aws_cloudtrail: ['name'],
      aws_cloudwatch_log_group: ['name', 'log_group_class'],
      aws_iam_role: ['name'],
    };
    for (const [type, attributes] of Object.entries({ ...kept, aws_s3_bucket: ['bucket'] })) {
      expect(addressOf(stack, type)).toBe(addressOf(plain, type));
      for (const attribute of attributes) {
        expect(resourceOf(stack, type)[attribute]).toBe(resourceOf(plain, type)[attribute]);
      }
    }
    expect(resourceOf(stack, 'aws_s3_bucket')).not.toHaveProperty('object_lock_enabled');
  });

  test('writes down no partition, Region or account, and leaves region and tags_all to the provider', () => {
    const { resource = {} } = stack;
    const written = JSON.stringify(resource)
      .replaceAll(String(Object(parts).existingDataKeyArn), '')
      .replaceAll(String(Object(parts).permissionsBoundary), '');
    expect(written).not.toMatch(new RegExp(`arn:aws[:-]|eu-central-1|${ACCOUNT}`));
    const attributes = Object.values(resource).flatMap((blocks) => Object.values(blocks).flatMap(Object.keys));
    expect(attributes.filter((name) => ['region', 'tags_all', 'event_selector'].includes(name))).toEqual([]);
  });
});

test('a cycle would be noticed', () => {
  const group = { kms_key_id: `\${aws_kms_key.key.arn}` };
  const key = { policy: `\${aws_cloudwatch_log_group.group.arn}` };
  const looped = { resource: { aws_cloudwatch_log_group: { group }, aws_kms_key: { key } } };
  expect(cycleIn(looped)).toBe('aws_cloudwatch_log_group.group');
});

/** The first address that waits for itself, by reference or `depends_on`. */
function cycleIn(stack: Synthesised): string | undefined {
  const known = addresses(stack);
  const needs = new Map(
    known.map((address) => {
      const [type = '', id = ''] = address.split('.');
      const text = JSON.stringify(stack.resource?.[type]?.[id]);
      return [address, known.filter((other) => new RegExp(`${other}\\b`).test(text))];
    }),
  );
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    (needs.get(from) ?? []).some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  return known.find((address) => reaches(address, address));
}
