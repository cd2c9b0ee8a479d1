import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../function/settings.ts';
import { functionPermissions } from '../../infra/function-role.ts';
import { textOf } from '../house/source-files.ts';
import {
  ACCOUNT,
  ACCOUNT_KEY_POLICY,
  type Attributes,
  arn,
  decide,
  policyOf,
  REGION,
  resolve,
  resourceOf,
  resources,
  roleArn,
} from './iam.ts';
import { synthesise, type WholeStack, wholeConfig } from './synth.ts';
import { CONFIGS } from './synth-options.ts';

const RUNTIME = { AWS_REGION: REGION, AWS_LAMBDA_FUNCTION_NAME: 'trailbell-alert' };

describe('the environment of the function', () => {
  const environmentOf = (stack: WholeStack) => {
    const { variables } = resourceOf(stack, 'aws_lambda_function', /^alert/)['environment'] as {
      variables: Readonly<Record<string, string>>;
    };
    return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, resolve(stack, value)]));
  };
  // The only text that knows the names; the runtime's own begin with AWS_.
  const known = new Set(
    [...textOf('function/settings.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)]
      .map(([, name = '']) => name)
      .filter((name) => !name.startsWith('AWS_')),
  );

  test('is known by its names', () => {
    expect(known).toContain('ALERTS_TOPIC_ARN');
    expect(known.size).toBeGreaterThanOrEqual(5);
  });

  test.each([...CONFIGS])('holds what the function understands: %s', (_, config) => {
    const stack = synthesise(config);
    const variables = environmentOf(stack);
    const { topics, includeRecord } = parseSettings({ ...variables, ...RUNTIME });
    expect(Object.keys(variables).filter((name) => !known.has(name))).toEqual([]);
    expect(includeRecord).toBe(config.function.includeRecord);
    expect(topics.chat === undefined).toBe(!config.chat);
    const made = [...resources(stack, 'aws_sns_topic')].flatMap(([id, { name }]) =>
      id.startsWith('topics_') ? [arn('sns', String(name))] : [],
    );
    const existing = Object.values(config.existingTopics);
    expect(new Set(Object.values(topics).filter(Boolean))).toEqual(new Set([...made, ...existing]));
  });

  test('leaves unsaid only what has a default', () => {
    const all = environmentOf(synthesise(wholeConfig({ chat: true })));
    expect([...known].filter((name) => all[name] === undefined)).toEqual(['MAX_INFLATED_BYTES']);
  });
});

const ours = { 's3:ResourceAccount': ACCOUNT };
const through = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
const CONTEXTS = {
  'through sns': through('sns'),
  'through s3': through('s3'),
  'through kinesis': through('kinesis'),
  'through dynamodb': through('dynamodb'),
  'through sqs': through('sqs'),
  'through secretsmanager': through('secretsmanager'),
  'in this account': ours,
};
const FAILURES = `arn:aws:s3:::trailbell-failed-${ACCOUNT}-${REGION}`;
const TRAIL_BUCKET = `arn:aws:s3:::trailbell-trail-${ACCOUNT}-${REGION}`;
const UNDELIVERED = arn('sqs', 'trailbell-undelivered');
const NOTICES = arn('sqs', 'trailbell-alert-objects');
const FUNCTION = arn('lambda', 'function:trailbell-alert');
const RECORDS = arn('logs', 'log-group:/trailbell/cloudtrail');
const OWN_LOG = arn('logs', 'log-group:/aws/lambda/trailbell-alert');

describe.each([
  ['reading files', { alerts: { from: ['log-group', 'bucket'] } }, [undefined, 'ledger', 'alerts.from bucket']],
  [
    'reading what other accounts send',
    { alerts: { from: ['log-group', 'destination'], senderAccountIds: ['123456789012'] } },
    [undefined, 'ledger', 'alerts.from destination'],
  ],
  ['direct', {}, [undefined, 'ledger']],
  ['kinesis', { delivery: 'kinesis' }, [undefined, 'delivery kinesis', 'ledger']],
  ['traced', { function: { tracing: true } }, [undefined, 'function.tracing', 'ledger']],
  ['without a ledger', { ledger: false }, [undefined]],
] as const)('the function of the whole stack, %s', (_, parts, applying) => {
  const stack = synthesise(wholeConfig({ chat: true }, parts));
  const identityPolicy = policyOf(stack, 'aws_iam_role_policy', /^alert_role/);
  const keyArn = (id: RegExp) =>
    arn('kms', `key/${[...resources(stack, 'aws_kms_key').keys()].find((key) => id.test(key))}`);
  const keys = {
    data: keyArn(/^data-key/),
    alert: keyArn(/^alert-key/),
    operations: keyArn(/^operations-key/),
    notices: keyArn(/^notices_key/),
  };

  // Resources that are there, as requests name them.
  const EXAMPLES: Readonly<Record<string, string>> = {
    'own log streams': `${OWN_LOG}:log-stream:2026/11/20/[1]abc`,
    'topic alerts': arn('sns', 'trailbell-alerts'),
    'topic findings': arn('sns', 'trailbell-findings'),
    'topic chat': arn('sns', 'trailbell-chat'),
    'topic operations': arn('sns', 'trailbell-operations'),
    'alert key': keys.alert,
    'operations key': keys.operations,
    'data key': keys.data,
    'failure bucket': FAILURES,
    'objects in the failure bucket': `${FAILURES}/aws/lambda/async/trailbell-alert/2026/11/20/x`,
    'record stream': arn('kinesis', 'stream/trailbell-records'),
    ledger: arn('dynamodb', 'table/trailbell-ledger'),
    'undelivered queue': UNDELIVERED,
    'log files': `${TRAIL_BUCKET}/AWSLogs/${ACCOUNT}/CloudTrail/x.json.gz`,
    'bucket of log files': TRAIL_BUCKET,
    'keys of log files': keys.data,
    'queue of notices': NOTICES,
    'key of the queue of notices': keys.notices,
    'stream of other accounts': arn('kinesis', 'stream/trailbell-senders'),
    '*': '*',
  };

  /** What a resource's own policy says beside the role's. */
  const resourcePolicyOf = (resource: string) => {
    const key = Object.entries(keys).find(([, arn]) => arn === resource)?.[0];
    if (key && !resource.endsWith('undefined')) return policyOf(stack, 'aws_kms_key', new RegExp(`^${key}[-_]key`));
    if (resource.endsWith('undefined')) return ACCOUNT_KEY_POLICY;
    const topic = /:sns:.*:trailbell-(\w+)$/.exec(resource)?.[1];
    if (topic) return policyOf(stack, 'aws_sns_topic_policy', `_${topic}-policy`);
    if (resource === UNDELIVERED) return policyOf(stack, 'aws_sqs_queue_policy', /^fates/);
    if (resource.startsWith(FAILURES)) return policyOf(stack, 'aws_s3_bucket_policy', 'failure');
    return resource.startsWith(TRAIL_BUCKET) ? policyOf(stack, 'aws_s3_bucket_policy', 'records') : undefined;
  };
  const may = (action: string, resource: string, context: Record<string, string> = {}) => {
    const resourcePolicy = resourcePolicyOf(resource);
    return decide({
      principal: roleArn('trailbell-alert'),
      action,
      resource,
      context,
      identityPolicy,
      ...(resourcePolicy && { resourcePolicy }),
    });
  };

  const only: readonly unknown[] = applying;
  const granted = functionPermissions.filter((permission) => only.includes(permission.only));
  const withheld = functionPermissions.filter((permission) => !only.includes(permission.only));
  const requests = (permissions: typeof functionPermissions) =>
    permissions.flatMap(({ actions, on, provided }) =>
      actions.flatMap((action) =>
        on.map((word) => [action.replace('*', ''), EXAMPLES[word]!, provided ? CONTEXTS[provided] : {}] as const),
      ),
    );

  test.each(requests(granted))('may %s on %s %j', async (action, resource, context) => {
    expect(await may(action, resource, context)).toBe('Allowed');
  });

  test('may nothing of the table that is for other stacks', async () => {
    const allowed = requests(granted).map((request) => JSON.stringify(request));
    for (const request of requests(withheld).filter((each) => !allowed.includes(JSON.stringify(each)))) {
      const [action, resource, context] = request;
      expect(await may(action, resource, context), `${action} ${resource}`).toBe('ImplicitlyDenied');
    }
  });

  test('may nothing that the table does not say', () => {
    const actions = identityPolicy.Statement.flatMap(({ Action }) => Action);
    expect(actions).toEqual(granted.flatMap((permission) => permission.actions));
  });

  type Asked = readonly [action: string, resource: string, context: Readonly<Record<string, string>>];
  const reading: readonly Asked[] = only.includes('alerts.from bucket')
    ? [['s3:GetObject', `${TRAIL_BUCKET}/elsewhere/x.json.gz`, ours]]
    : [
        ['s3:GetObject', `${TRAIL_BUCKET}/AWSLogs/${ACCOUNT}/CloudTrail/x.json.gz`, ours],
        ['s3:ListBucket', TRAIL_BUCKET, ours],
        ['kms:Decrypt', keyArn(/^data-key/), through('s3')],
      ];
  test.each<Asked>([
    ...reading,
    ['s3:PutObject', `${TRAIL_BUCKET}/AWSLogs/x`, ours],
    ['s3:DeleteObject', `${TRAIL_BUCKET}/AWSLogs/x`, ours],
    ['kms:Decrypt', keyArn(/^data-key/), {}],
    ['logs:GetLogEvents', `${RECORDS}:log-stream:x`, {}],
    ['logs:PutLogEvents', `${RECORDS}:log-stream:x`, {}],
    ['logs:DeleteLogGroup', RECORDS, {}],
    ['logs:DeleteLogGroup', OWN_LOG, {}],
    ['logs:PutRetentionPolicy', OWN_LOG, {}],
    ['logs:DeleteSubscriptionFilter', RECORDS, {}],
    ['cloudtrail:StopLogging', arn('cloudtrail', 'trail/trailbell'), {}],
    ['cloudwatch:DisableAlarmActions', arn('cloudwatch', 'alarm:trailbell-silent-trail'), {}],
  ])('cannot read, write or silence the trail: %s on %s', async (action, resource, context) => {
    expect(await may(action, resource, context)).toBe('ImplicitlyDenied');
  });

  test.each([
    ['lambda:UpdateFunctionCode', FUNCTION],
    ['lambda:UpdateFunctionConfiguration', FUNCTION],
    ['lambda:PutFunctionConcurrency', FUNCTION],
    ['lambda:UpdateAlias', FUNCTION],
    ['lambda:DeleteFunction', FUNCTION],
    ['lambda:InvokeFunction', FUNCTION],
    ['iam:PutRolePolicy', roleArn('trailbell-alert')],
    ['iam:DeleteRolePermissionsBoundary', roleArn('trailbell-alert')],
    ['sts:AssumeRole', roleArn('trailbell-trail-to-logs')],
    ['sns:Publish', arn('sns', 'somebody-elses')],
    ['sns:Publish', `arn:aws:sns:${REGION}:123456789012:trailbell-alerts`],
    ['sns:Subscribe', arn('sns', 'trailbell-alerts')],
    ['sns:DeleteTopic', arn('sns', 'trailbell-operations')],
    ['sqs:ReceiveMessage', arn('sqs', 'trailbell-catch-all-email-00000000')],
    ['sqs:SendMessage', arn('sqs', 'trailbell-catch-all-email-00000000')],
    ['sqs:ReceiveMessage', UNDELIVERED],
    ['sqs:DeleteMessage', UNDELIVERED],
    ['sqs:PurgeQueue', UNDELIVERED],
    ['dynamodb:Scan', arn('dynamodb', 'table/trailbell-ledger')],
    ['dynamodb:Query', arn('dynamodb', 'table/trailbell-ledger')],
    ['dynamodb:DeleteItem', arn('dynamodb', 'table/trailbell-ledger')],
    ['dynamodb:UpdateTable', arn('dynamodb', 'table/trailbell-ledger')],
    ['dynamodb:DeleteTable', arn('dynamodb', 'table/trailbell-ledger')],
    ['dynamodb:PutItem', arn('dynamodb', 'table/somebody-elses')],
    ['kms:ScheduleKeyDeletion', keyArn(/^alert-key/)],
    ['kms:ScheduleKeyDeletion', keyArn(/^data-key/)],
    ['kms:PutKeyPolicy', keyArn(/^operations-key/)],
    ['kms:Decrypt', keyArn(/^alert-key/)],
  ])('cannot change itself or reach beyond: %s on %s', async (action, resource) => {
    expect(await may(action, resource)).toBe('ImplicitlyDenied');
  });

  test('cannot publish, or keep failures or what was refused, without TLS', async () => {
    const insecure = { 'aws:SecureTransport': 'false' };
    expect(await may('sqs:SendMessage', UNDELIVERED, insecure)).toBe('ExplicitlyDenied');
    expect(await may('sns:Publish', arn('sns', 'trailbell-alerts'), insecure)).toBe('ExplicitlyDenied');
    expect(await may('s3:PutObject', `${FAILURES}/x`, { ...ours, ...insecure })).toBe('ExplicitlyDenied');
  });

  test('shares its permissions with no other role', () => {
    for (const [id, policy] of resources(stack, 'aws_iam_role_policy')) {
      const role = String((policy as Attributes)['role']);
      expect(/^alert_role/.test(id), role).toBe(role.includes('alert_role'));
    }
  });
});
