import { describe, expect, test } from 'vitest';
import { functionPermissions } from '../../infra/function-role.ts';
import { alertingStack, configOf, DATA_KEY, LOG_GROUP } from './alerting-stack.ts';
import {
  ACCOUNT,
  ACCOUNT_KEY_POLICY,
  arn,
  decide,
  policyOf,
  REGION,
  resolve,
  resourceOf,
  resources,
  roleArn,
  type Synthesised,
} from './iam.ts';

const FAILURES = `arn:aws:s3:::trailbell-failed-${ACCOUNT}-${REGION}`;
const TRAIL = `arn:aws:s3:::trailbell-trail-${ACCOUNT}-${REGION}`;
const STREAM = arn('kinesis', 'stream/trailbell-records');
const LEDGER = arn('dynamodb', 'table/trailbell-ledger');
const UNDELIVERED = arn('sqs', 'trailbell-undelivered');
const OWN_LOG = arn('logs', 'log-group:/aws/lambda/trailbell-alert:log-stream:2026/11/20/[1]abc');
const FAILED = `${FAILURES}/aws/lambda/async/trailbell-alert/2026/11/20/x`;
const THROUGH = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
const OURS = { 's3:ResourceAccount': ACCOUNT };

const direct = alertingStack({ chat: true }).stack;
const stream = alertingStack({ chat: true, delivery: 'kinesis' }).stack;
const forgetful = alertingStack({ chat: true, ledger: false }).stack;
const traced = alertingStack({ function: { tracing: true } }).stack;

const keyOf = (stack: Synthesised, topic: string) =>
  resolve(stack, String(resourceOf(stack, 'aws_sns_topic', `_${topic}_`)['kms_master_key_id']));
// KMS asks the key's policy as well as the role's.
const keyPolicyOf = (stack: Synthesised, resource: string) => {
  const topic = ['alerts', 'operations'].find((name) => resource === keyOf(stack, name));
  return topic === undefined ? ACCOUNT_KEY_POLICY : policyOf(stack, 'aws_kms_key', `${topic}_key`);
};
const may = (stack: Synthesised, action: string, resource: string, context: Record<string, string> = {}) =>
  decide({
    principal: roleArn('trailbell-alert'),
    action,
    resource,
    context,
    identityPolicy: policyOf(stack, 'aws_iam_role_policy', 'alert_role'),
    ...(action.startsWith('kms:') && { resourcePolicy: keyPolicyOf(stack, resource) }),
  });

type Case = [action: string, resource: string, context: Record<string, string>];

describe('the role of the alert function', () => {
  const KEYS = [keyOf(direct, 'alerts'), keyOf(direct, 'operations')];
  test.each<Case>([
    ['logs:CreateLogStream', OWN_LOG, {}],
    ['logs:PutLogEvents', OWN_LOG, {}],
    ...['alerts', 'findings', 'chat', 'operations'].map(
      (topic): Case => ['sns:Publish', arn('sns', `trailbell-${topic}`), {}],
    ),
    ...KEYS.flatMap((key): Case[] => [
      ['kms:GenerateDataKey', key, THROUGH('sns')],
      ['kms:Decrypt', key, THROUGH('sns')],
    ]),
    ['s3:PutObject', FAILED, OURS],
    ['s3:ListBucket', FAILURES, OURS],
    ['kms:GenerateDataKey', DATA_KEY, THROUGH('s3')],
    ['sqs:SendMessage', UNDELIVERED, {}],
    ['kms:GenerateDataKey', DATA_KEY, THROUGH('sqs')],
    ['kms:Decrypt', DATA_KEY, THROUGH('sqs')],
    ['dynamodb:GetItem', LEDGER, {}],
    ['dynamodb:PutItem', LEDGER, {}],
    ['dynamodb:UpdateItem', LEDGER, {}],
    ['dynamodb:BatchWriteItem', LEDGER, {}],
    ['kms:Decrypt', DATA_KEY, THROUGH('dynamodb')],
  ])('may %s %s', async (action, resource, context) => {
    expect(await may(direct, action, resource, context)).toBe('Allowed');
  });

  test.each<Case>([
    ['s3:GetObject', `${TRAIL}/AWSLogs/${ACCOUNT}/CloudTrail/x.json.gz`, OURS],
    ['s3:ListBucket', TRAIL, OURS],
    ['s3:PutObject', `${TRAIL}/x`, OURS],
    ['kms:Decrypt', DATA_KEY, THROUGH('s3')],
    ['kms:Decrypt', DATA_KEY, {}],
    ['logs:GetLogEvents', `${LOG_GROUP.arn}:log-stream:x`, {}],
    ['logs:FilterLogEvents', LOG_GROUP.arn, {}],
    ['logs:DeleteLogGroup', LOG_GROUP.arn, {}],
    ['logs:PutLogEvents', `${LOG_GROUP.arn}:log-stream:x`, {}],
    ['kinesis:GetRecords', STREAM, {}],
    ['cloudtrail:StopLogging', arn('cloudtrail', 'trail/trailbell'), {}],
  ])('cannot touch the trail: %s %s', async (action, resource, context) => {
    expect(await may(direct, action, resource, context)).toBe('ImplicitlyDenied');
  });

  test.each<Case>([
    ['lambda:UpdateFunctionConfiguration', arn('lambda', 'function:trailbell-alert'), {}],
    ['lambda:UpdateFunctionCode', arn('lambda', 'function:trailbell-alert'), {}],
    ['lambda:UpdateAlias', arn('lambda', 'function:trailbell-alert'), {}],
    ['lambda:PutFunctionEventInvokeConfig', arn('lambda', 'function:trailbell-alert'), {}],
    ['lambda:AddPermission', arn('lambda', 'function:trailbell-alert'), {}],
    ['lambda:InvokeFunction', arn('lambda', 'function:trailbell-alert'), {}],
    ['iam:PutRolePolicy', roleArn('trailbell-alert'), {}],
    ['iam:PassRole', roleArn('trailbell-alert'), {}],
    ['logs:DeleteSubscriptionFilter', LOG_GROUP.arn, {}],
    ['logs:CreateLogGroup', arn('logs', 'log-group:/aws/lambda/trailbell-alert'), {}],
    ['logs:DeleteLogStream', OWN_LOG, {}],
    ['sns:Subscribe', arn('sns', 'trailbell-alerts'), {}],
    ['sns:SetTopicAttributes', arn('sns', 'trailbell-alerts'), {}],
    ['sns:Publish', arn('sns', 'somebody-elses'), {}],
    ['kms:PutKeyPolicy', KEYS[0]!, {}],
    ['kms:ScheduleKeyDeletion', KEYS[0]!, {}],
    ['kms:Decrypt', KEYS[0]!, {}],
  ])('cannot change its own configuration or leave it: %s %s', async (action, resource, context) => {
    expect(await may(direct, action, resource, context)).toBe('ImplicitlyDenied');
  });

  test.each<Case>([
    ['s3:GetObject', FAILED, OURS],
    ['s3:DeleteObject', FAILED, OURS],
    ['s3:PutBucketPolicy', FAILURES, OURS],
    ['s3:PutObject', FAILED, { 's3:ResourceAccount': '123456789012' }],
  ])('keeps failures and cannot read, remove or misplace them: %s %s', async (action, resource, context) => {
    expect(await may(direct, action, resource, context)).toBe('ImplicitlyDenied');
  });

  test('reads the stream where there is one, and still not the trail under the same key', async () => {
    const { actions } = functionPermissions.find(({ sid }) => sid === 'ReadStream')!;
    for (const action of actions) expect(await may(stream, action, STREAM)).toBe('Allowed');
    expect(await may(stream, 'kms:Decrypt', DATA_KEY, THROUGH('kinesis'))).toBe('Allowed');
    expect(await may(stream, 'kms:Decrypt', DATA_KEY, THROUGH('s3'))).toBe('ImplicitlyDenied');
    expect(await may(stream, 'kinesis:PutRecord', STREAM)).toBe('ImplicitlyDenied');
    expect(await may(stream, 'kinesis:GetRecords', arn('kinesis', 'stream/another'))).toBe('ImplicitlyDenied');
  });

  test('touches no ledger where there is none, and still keeps what was refused', async () => {
    expect(await may(forgetful, 'dynamodb:PutItem', LEDGER)).toBe('ImplicitlyDenied');
    expect(await may(forgetful, 'kms:Decrypt', DATA_KEY, THROUGH('dynamodb'))).toBe('ImplicitlyDenied');
    expect(await may(forgetful, 'sqs:SendMessage', UNDELIVERED)).toBe('Allowed');
  });

  test('sends traces only when tracing is on', async () => {
    expect(await may(traced, 'xray:PutTraceSegments', '*')).toBe('Allowed');
    expect(await may(direct, 'xray:PutTraceSegments', '*')).toBe('ImplicitlyDenied');
  });

  const CONDITIONS = {
    'through sns': { StringEquals: THROUGH('sns') },
    'through s3': { StringEquals: THROUGH('s3') },
    'through kinesis': { StringEquals: THROUGH('kinesis') },
    'through dynamodb': { StringEquals: THROUGH('dynamodb') },
    'through sqs': { StringEquals: THROUGH('sqs') },
    'through secretsmanager': { StringEquals: THROUGH('secretsmanager') },
    'in this account': { StringEquals: OURS },
  };
  const arnsOf = (stack: Synthesised) => ({
    'own log streams': [arn('logs', 'log-group:/aws/lambda/trailbell-alert:log-stream:*')],
    'topic alerts': [arn('sns', 'trailbell-alerts')],
    'topic findings': [arn('sns', 'trailbell-findings')],
    'topic chat': stack === traced ? [] : [arn('sns', 'trailbell-chat')],
    'topic operations': [arn('sns', 'trailbell-operations')],
    'alert key': [keyOf(stack, 'alerts')],
    'operations key': [keyOf(stack, 'operations')],
    'data key': [DATA_KEY],
    'failure bucket': [FAILURES],
    'objects in the failure bucket': [`${FAILURES}/*`],
    'record stream': [STREAM],
    ledger: [LEDGER],
    'undelivered queue': [UNDELIVERED],
    // What the alert function reads beside a log group is looked at in the whole stack.
    'log files': [],
    'bucket of log files': [],
    'keys of log files': [],
    'queue of notices': [],
    'key of the queue of notices': [],
    'stream of other accounts': [],
    '*': ['*'],
  });
  test.each([
    ['direct', direct, [undefined, 'ledger']],
    ['stream', stream, [undefined, 'delivery kinesis', 'ledger']],
    ['traced, without chat', traced, [undefined, 'function.tracing', 'ledger']],
    ['without a ledger', forgetful, [undefined]],
  ] as const)('has exactly the statements of the table: %s', (_, stack, applying) => {
    const only: readonly unknown[] = applying;
    const wanted = functionPermissions
      .filter((permission) => only.includes(permission.only))
      .map(({ sid, actions, on, provided }) => ({
        Sid: sid,
        Effect: 'Allow',
        Action: actions,
        Resource: on.flatMap((word) => arnsOf(stack)[word]),
        ...(provided && { Condition: CONDITIONS[provided] }),
      }));
    expect(policyOf(stack, 'aws_iam_role_policy', 'alert_role').Statement).toEqual(wanted);
  });

  test('is assumed by Lambda alone and has no policy beside its own', () => {
    expect(policyOf(direct, 'aws_iam_role', 'alert_role', 'assume_role_policy').Statement).toEqual([
      { Sid: 'LambdaRuns', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
    expect(resources(direct, 'aws_iam_role_policy').size).toBe(1);
    expect(resources(direct, 'aws_iam_role_policy_attachment').size).toBe(0);
  });

  test('is bounded like every role of the stack when a boundary is set', () => {
    const permissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
    const { stack: bounded } = alertingStack({ permissionsBoundary, delivery: 'kinesis' });
    const roles = [...resources(bounded, 'aws_iam_role').values()];
    expect(roles.map((role) => role['permissions_boundary'])).toEqual([permissionsBoundary, permissionsBoundary]);
    expect(configOf().permissionsBoundary).toBeUndefined();
    expect(resourceOf(direct, 'aws_iam_role')).not.toHaveProperty('permissions_boundary');
  });
});
