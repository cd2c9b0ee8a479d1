import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../function/settings.ts';
import { digestPermissions } from '../../infra/digest-role.ts';
import { functionPermissions } from '../../infra/function-role.ts';
import { sourceFiles, textOf } from '../house/source-files.ts';
import { ACCOUNT, arn, decide, policyOf, REGION, resolve, resourceOf, resources, roleArn } from './iam.ts';
import { synthesise, wholeConfig } from './synth.ts';

type Context = Readonly<Record<string, string | string[]>>;

const stack = synthesise(wholeConfig({ chat: true, storm: { windowMinutes: 15, messagesPerMinute: 100 } }));
const DIGEST = /^digest/;
const digest = resourceOf(stack, 'aws_lambda_function', DIGEST);
const FUNCTION = arn('lambda', 'function:trailbell-digest');
const LEDGER = arn('dynamodb', 'table/trailbell-ledger');
const RULE = arn('events', 'rule/trailbell-digest');

describe('the digest function', () => {
  test('runs its own small bundle on Node 24 and arm64', () => {
    expect(digest).toMatchObject({
      function_name: 'trailbell-digest',
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      memory_size: 1024,
      timeout: 60,
      filename: expect.stringMatching(/^assets\/.*\/digest\.zip$/),
    });
    expect(digest).not.toHaveProperty('reserved_concurrent_executions');
    const alert = resourceOf(stack, 'aws_lambda_function', /^alert/);
    for (const own of ['role', 'filename', 'source_code_hash']) expect(digest[own]).not.toBe(alert[own]);
  });

  test('has an environment that its settings accept, without the queue it does not write to', () => {
    const { variables } = digest['environment'] as { variables: Readonly<Record<string, string>> };
    const resolved = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, resolve(stack, value)]),
    );
    const runtime = { AWS_REGION: REGION, AWS_LAMBDA_FUNCTION_NAME: 'trailbell-digest' };
    expect(parseSettings({ ...resolved, ...runtime })).toMatchObject({
      topics: { alerts: arn('sns', 'trailbell-alerts'), chat: arn('sns', 'trailbell-chat') },
      ledgerTable: expect.any(String),
      undeliveredQueueUrl: undefined,
      stormWindowMinutes: 15,
      messagesPerMinute: 100,
    });
  });

  test('writes to an encrypted log group of its own, which the key admits', () => {
    const group = resourceOf(stack, 'aws_cloudwatch_log_group', DIGEST);
    expect(group).toMatchObject({ name: '/aws/lambda/trailbell-digest', retention_in_days: 90 });
    const key = policyOf(stack, 'aws_kms_key', /^data-key/);
    expect(JSON.stringify(key.Statement.find(({ Sid }) => Sid === 'LogGroupsEncrypt'))).toContain(
      arn('logs', 'log-group:/aws/lambda/trailbell-digest'),
    );
    const without = policyOf(synthesise(wholeConfig({ ledger: false })), 'aws_kms_key', /^data-key/);
    expect(JSON.stringify(without)).not.toContain('digest');
  });

  test('is invoked every five minutes by one rule of this account and by nothing else', () => {
    expect(resourceOf(stack, 'aws_cloudwatch_event_rule')).toMatchObject({
      name: 'trailbell-digest',
      schedule_expression: 'rate(5 minutes)',
    });
    const target = resourceOf(stack, 'aws_cloudwatch_event_target');
    expect(resolve(stack, String(target['arn']))).toBe(FUNCTION);
    expect(resolve(stack, String(target['rule']))).toBe('trailbell-digest');
    expect(target).not.toHaveProperty('role_arn');
    const permission = resourceOf(stack, 'aws_lambda_permission', DIGEST);
    expect(permission).toMatchObject({ action: 'lambda:InvokeFunction', principal: 'events.amazonaws.com' });
    expect(resolve(stack, String(permission['source_arn']))).toBe(RULE);
    expect(RULE).toContain(`:${ACCOUNT}:`);
    const [permissionId] = [...resources(stack, 'aws_lambda_permission').keys()].filter((id) => DIGEST.test(id));
    expect(target['depends_on']).toEqual([`aws_lambda_permission.${permissionId}`]);
  });

  test('is left to its next run when one fails: two at once would send a digest twice', () => {
    expect(resourceOf(stack, 'aws_lambda_function_event_invoke_config', DIGEST)).toMatchObject({
      maximum_event_age_in_seconds: 300,
      maximum_retry_attempts: 0,
    });
  });

  test('is not there without a ledger, nor is anything of it', () => {
    const without = synthesise(wholeConfig({ ledger: false }));
    const made = Object.values(without.resource).flatMap(Object.keys);
    expect(made.filter((id) => DIGEST.test(id) || id.includes('ledger'))).toEqual([]);
  });
});

describe('the role of the digest function', () => {
  const identityPolicy = policyOf(stack, 'aws_iam_role_policy', DIGEST);
  const keyArn = (id: RegExp) =>
    arn('kms', `key/${[...resources(stack, 'aws_kms_key').keys()].find((key) => id.test(key))}`);
  const [data, alerts, operations] = [/^data-key/, /^alert-key/, /^operations-key/].map(keyArn) as [
    string,
    string,
    string,
  ];
  const resourcePolicyOf = (resource: string) => {
    const key = [...resources(stack, 'aws_kms_key').keys()].find((id) => resource.endsWith(`key/${id}`));
    if (key !== undefined) return policyOf(stack, 'aws_kms_key', key);
    const topic = /:sns:.*:trailbell-(\w+)$/.exec(resource)?.[1];
    return topic === undefined ? undefined : policyOf(stack, 'aws_sns_topic_policy', `_${topic}-policy`);
  };
  const may = (action: string, resource: string, context: Context = {}) => {
    const resourcePolicy = resourcePolicyOf(resource);
    const principal = roleArn('trailbell-digest');
    return decide({ principal, action, resource, context, identityPolicy, ...(resourcePolicy && { resourcePolicy }) });
  };
  const rows = (...keys: string[]) => ({ 'dynamodb:LeadingKeys': keys });
  const through = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
  const OWN_LOG = arn('logs', 'log-group:/aws/lambda/trailbell-digest:log-stream:2026/11/20/x');

  test.each<[string, string, Context]>([
    ['dynamodb:Query', LEDGER, {}],
    ['dynamodb:GetItem', LEDGER, {}],
    ['dynamodb:PutItem', LEDGER, rows('windows')],
    ['dynamodb:DeleteItem', LEDGER, rows('windows')],
    ['kms:Decrypt', data, through('dynamodb')],
    ...['alerts', 'findings', 'chat'].map((topic): [string, string, Context] => [
      'sns:Publish',
      arn('sns', `trailbell-${topic}`),
      {},
    ]),
    ['kms:GenerateDataKey', alerts, through('sns')],
    ['kms:Decrypt', alerts, through('sns')],
    ['logs:PutLogEvents', OWN_LOG, {}],
  ])('may %s %s', async (action, resource, context) => {
    expect(await may(action, resource, context)).toBe('Allowed');
  });

  test.each<[string, string, Context]>([
    ['dynamodb:PutItem', LEDGER, rows('sent#trailbell-alerts#8f2c')],
    ['dynamodb:DeleteItem', LEDGER, rows('sent#trailbell-alerts#8f2c')],
    ['dynamodb:PutItem', LEDGER, rows('windows', 'sent#trailbell-alerts#8f2c')],
    ['dynamodb:PutItem', LEDGER, {}],
    ['dynamodb:DeleteItem', LEDGER, {}],
    ['dynamodb:UpdateItem', LEDGER, {}],
    ['dynamodb:Scan', LEDGER, {}],
    ['dynamodb:DeleteTable', LEDGER, {}],
    ['dynamodb:Query', arn('dynamodb', 'table/somebody-elses'), {}],
    ['kms:Decrypt', data, through('s3')],
    ['kms:Decrypt', data, {}],
    ['kms:CreateGrant', data, through('dynamodb')],
    ['kms:GenerateDataKey', operations, through('sns')],
    ['sns:Publish', arn('sns', 'trailbell-operations'), {}],
    ['sns:Subscribe', arn('sns', 'trailbell-alerts'), {}],
    ['sqs:SendMessage', arn('sqs', 'trailbell-undelivered'), {}],
    ['s3:PutObject', `arn:aws:s3:::trailbell-failed-${ACCOUNT}-${REGION}/x`, { 's3:ResourceAccount': ACCOUNT }],
    ['lambda:InvokeFunction', arn('lambda', 'function:trailbell-alert'), {}],
    ['lambda:UpdateFunctionCode', FUNCTION, {}],
    ['events:DisableRule', RULE, {}],
    ['logs:PutLogEvents', arn('logs', 'log-group:/aws/lambda/trailbell-alert:log-stream:x'), {}],
    ['iam:PutRolePolicy', roleArn('trailbell-digest'), {}],
  ])('cannot forge what was sent, reach the records or change itself: %s %s', async (action, resource, context) => {
    expect(await may(action, resource, context)).toBe('ImplicitlyDenied');
  });

  test('has the statements of its table and no others', () => {
    expect(identityPolicy.Statement.map(({ Sid, Action }) => [Sid, Action])).toEqual(
      digestPermissions.map(({ sid, actions }) => [sid, actions]),
    );
  });

  test('is described in the README, row by row', () => {
    const [, section = ''] = textOf('infra/README.md').split('What the digest function may do:');
    const rows = section.trim().split('\n\n')[0]!.split('\n').slice(2);
    expect(rows).toEqual(
      digestPermissions.map(
        ({ sid, actions, on, provided }) =>
          `| \`${sid}\` | ${actions.map((action) => `\`${action}\``).join(', ')} | ${on.join(', ')} | ${provided ?? ''} |`,
      ),
    );
  });

  test('and the alert function’s cover every call of the ledger that the code makes, and no other', () => {
    const called = sourceFiles('function').flatMap(({ lines }) =>
      [...lines.join('\n').matchAll(/new \w+\.(\w*Item|Query|Scan)Command\(/g)].map(([, name]) => `dynamodb:${name}`),
    );
    const granted = [...functionPermissions, ...digestPermissions]
      .flatMap(({ actions }) => actions)
      .filter((action) => action.startsWith('dynamodb:'));
    expect(new Set(granted)).toEqual(new Set(called));
  });
});
