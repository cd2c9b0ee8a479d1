import { describe, expect, test } from 'vitest';
import type { Permission } from '../../infra/execution-role.ts';
import { forwardPermissions } from '../../infra/forward-role.ts';
import { indexPermissions } from '../../infra/index-role.ts';
import {
  ACCOUNT,
  ACCOUNT_KEY_POLICY,
  arn,
  decide,
  type PolicyDocument,
  policyOf,
  REGION,
  resolve,
  resourceOf,
  resources,
  roleArn,
} from './iam.ts';
import { sectionRows } from './readme-tables.ts';
import { synthesise, type WholeStack, wholeConfig } from './synth.ts';
import { FOREIGN } from './synth-options.ts';

const OTHER = '123456789012';
const TRAIL = `arn:aws:s3:::trailbell-trail-${ACCOUNT}-${REGION}`;
const FILE = `${TRAIL}/AWSLogs/${ACCOUNT}/CloudTrail/eu-central-1/2026/11/20/x.json.gz`;
const STREAM = arn('kinesis', 'stream/trailbell-forwarded');
const DOMAIN = arn('es', 'domain/trail');
const COLLECTION = arn('aoss', 'collection/abcdefghij');
const SECRET = arn('secretsmanager', 'secret:index-AbCdEf');
const KEY = (letter: string) => arn('kms', `key/${letter.repeat(8)}-12ab-34cd-56ef-1234567890ab`);
const STREAM_KEY = KEY('a');
const SECRET_KEY = KEY('b');
const through = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
const stackOf = (parts: object) => synthesise(wholeConfig(parts as never));
const keyArn = (stack: WholeStack, id: RegExp) =>
  arn('kms', `key/${[...resources(stack, 'aws_kms_key').keys()].find((key) => id.test(key))}`);

type Asked = [action: string, resource: string, context?: Readonly<Record<string, string>>];

/** The simulator forgets which encryption context a key is about; it keeps tags apart, which compare alike. */
function asTags(document: PolicyDocument): PolicyDocument {
  return JSON.parse(JSON.stringify(document).replaceAll('kms:EncryptionContext:', 'aws:RequestTag/'));
}

/** What a role may do; a key of the stack's own says its part. */
const askedOf = (stack: WholeStack, role: string, id: RegExp) => {
  const identityPolicy = policyOf(stack, 'aws_iam_role_policy', id);
  return ([action, resource, context = {}]: Asked) =>
    decide({
      principal: roleArn(role),
      action,
      resource,
      context,
      identityPolicy,
      ...(action.startsWith('kms:') && { resourcePolicy: ACCOUNT_KEY_POLICY }),
    });
};
const endless = (stack: WholeStack): readonly Asked[] => [
  ['s3:GetObject', `${TRAIL}/elsewhere/x.json.gz`],
  ['s3:PutObject', FILE],
  ['s3:DeleteObject', FILE],
  ['s3:PutBucketNotification', TRAIL],
  ['kms:Decrypt', keyArn(stack, /^data-key/)],
  ['kms:Decrypt', keyArn(stack, /^alert-key/), through('sns')],
  ['sns:Publish', arn('sns', 'trailbell-alerts')],
  ['sns:Publish', arn('sns', 'trailbell-operations')],
  ['dynamodb:GetItem', arn('dynamodb', 'table/trailbell-ledger')],
  ['sqs:SendMessage', arn('sqs', 'trailbell-undelivered')],
  ['logs:PutLogEvents', arn('logs', 'log-group:/aws/lambda/trailbell-alert:log-stream:x')],
  ['logs:GetLogEvents', arn('logs', 'log-group:/trailbell/cloudtrail:log-stream:x')],
  ['lambda:InvokeFunction', arn('lambda', 'function:trailbell-alert')],
  ['lambda:UpdateFunctionCode', arn('lambda', 'function:trailbell-forward')],
  ['iam:PassRole', roleArn('trailbell-forward')],
  ['cloudtrail:StopLogging', arn('cloudtrail', 'trail/trailbell')],
];

describe('the role of the forward function', () => {
  const managed = stackOf({ forwarder: {} });
  const own = stackOf({ forwarder: { streamKey: STREAM_KEY } });
  const may = askedOf(managed, 'trailbell-forward', /^forwarder/);
  const mayOwn = askedOf(own, 'trailbell-forward', /^forwarder/);
  const failed = arn('sqs', 'trailbell-forward-failed');

  test.each<Asked>([
    ['logs:CreateLogStream', arn('logs', 'log-group:/aws/lambda/trailbell-forward:log-stream:2026/x')],
    ['logs:PutLogEvents', arn('logs', 'log-group:/aws/lambda/trailbell-forward:log-stream:2026/x')],
    ['s3:GetObject', FILE],
    ['s3:GetObjectVersion', FILE],
    ['s3:ListBucket', TRAIL],
    ['kms:Decrypt', keyArn(managed, /^data-key/), through('s3')],
    ['kinesis:PutRecords', STREAM],
    ['sqs:SendMessage', failed],
    ['kms:GenerateDataKey', keyArn(managed, /^notices_key/), through('sqs')],
  ])('may %s on %s', async (...asked: Asked) => {
    expect(await may(asked)).toBe('Allowed');
  });

  test.each<Asked>([
    ...endless(managed),
    ['kinesis:GetRecords', STREAM],
    ['kinesis:DeleteStream', STREAM],
    ['kinesis:PutRecords', arn('kinesis', 'stream/trailbell-records')],
    ['sqs:ReceiveMessage', failed],
    ['kms:GenerateDataKey', STREAM_KEY, through('kinesis')],
  ])('may not %s on %s', async (...asked: Asked) => {
    expect(await may(asked)).toBe('ImplicitlyDenied');
  });

  test('encrypts for a stream under a key of the customer’s, through Kinesis alone', async () => {
    expect(await mayOwn(['kms:GenerateDataKey', STREAM_KEY, through('kinesis')])).toBe('Allowed');
    expect(await mayOwn(['kms:GenerateDataKey', STREAM_KEY])).toBe('ImplicitlyDenied');
    expect(await mayOwn(['kms:Decrypt', STREAM_KEY, through('kinesis')])).toBe('ImplicitlyDenied');
  });
});

describe('the role of the index function', () => {
  const endpoint = 'https://index.example.com';
  const into = (more: object) => stackOf({ indexer: { endpoint, ...more } });
  const domain = into({ authorization: 'es', targetArn: DOMAIN });
  const may = askedOf(domain, 'trailbell-index', /^indexer/);
  const queue = arn('sqs', 'trailbell-index');

  test.each<Asked>([
    ['logs:PutLogEvents', arn('logs', 'log-group:/aws/lambda/trailbell-index:log-stream:2026/x')],
    ['s3:GetObject', FILE],
    ['s3:ListBucket', TRAIL],
    ['kms:Decrypt', keyArn(domain, /^data-key/), through('s3')],
    ['sqs:ReceiveMessage', queue],
    ['sqs:DeleteMessage', queue],
    ['sqs:GetQueueAttributes', queue],
    ['kms:Decrypt', keyArn(domain, /^notices_key/), through('sqs')],
    ['es:ESHttpPost', `${DOMAIN}/_bulk`],
    ['sqs:SendMessage', arn('sqs', 'trailbell-index-refused')],
    ['kms:GenerateDataKey', keyArn(domain, /^notices_key/), through('sqs')],
  ])('may %s on %s', async (...asked: Asked) => {
    expect(await may(asked)).toBe('Allowed');
  });

  test.each<Asked>([
    ...endless(domain),
    ['es:ESHttpPost', `${DOMAIN}/_search`],
    ['es:ESHttpDelete', `${DOMAIN}/cloudtrail-2026-11`],
    ['es:ESHttpPut', `${DOMAIN}/_index_template/x`],
    ['es:ESHttpPost', `${arn('es', 'domain/other')}/_bulk`],
    ['aoss:APIAccessAll', COLLECTION],
    ['secretsmanager:GetSecretValue', SECRET],
    ['sqs:SendMessage', queue],
    ['sqs:PurgeQueue', queue],
    ['sqs:ReceiveMessage', arn('sqs', 'trailbell-index-refused')],
    ['sqs:ReceiveMessage', arn('sqs', 'trailbell-worker')],
  ])('may not %s on %s', async (...asked: Asked) => {
    expect(await may(asked)).toBe('ImplicitlyDenied');
  });

  test('reaches a collection, or reads a secret, and nothing else then', async () => {
    const collection = askedOf(into({ authorization: 'aoss', targetArn: COLLECTION }), 'trailbell-index', /^indexer/);
    expect(await collection(['aoss:APIAccessAll', COLLECTION])).toBe('Allowed');
    expect(await collection(['es:ESHttpPost', `${DOMAIN}/_bulk`])).toBe('ImplicitlyDenied');
    const secret = into({ authorization: 'secret', secretArn: SECRET, secretKeyArn: SECRET_KEY });
    const reads = askedOf(secret, 'trailbell-index', /^indexer/);
    expect(await reads(['secretsmanager:GetSecretValue', SECRET])).toBe('Allowed');
    expect(await reads(['kms:Decrypt', SECRET_KEY, through('secretsmanager')])).toBe('Allowed');
    expect(await reads(['kms:Decrypt', SECRET_KEY])).toBe('ImplicitlyDenied');
    expect(await reads(['secretsmanager:PutSecretValue', SECRET])).toBe('ImplicitlyDenied');
  });
});

describe('the policy printed for the worker', () => {
  const stack = stackOf({ workerQueue: { targetArns: [DOMAIN, STREAM, COLLECTION] } });
  const identityPolicy = JSON.parse(resolve(stack, String(stack.output['worker_policy']?.value))) as PolicyDocument;
  const may = ([action, resource, context = {}]: Asked) =>
    decide({
      principal: roleArn('worker'),
      action,
      resource,
      context,
      identityPolicy,
      ...(action.startsWith('kms:') && { resourcePolicy: ACCOUNT_KEY_POLICY }),
    });
  const queue = arn('sqs', 'trailbell-worker');

  test.each<Asked>([
    ['sqs:ReceiveMessage', queue],
    ['sqs:DeleteMessage', queue],
    ['sqs:ChangeMessageVisibility', queue],
    ['sqs:GetQueueAttributes', queue],
    ['kms:Decrypt', keyArn(stack, /^notices_key/), through('sqs')],
    ['s3:GetObject', FILE],
    ['s3:ListBucket', TRAIL],
    ['kms:Decrypt', keyArn(stack, /^data-key/), through('s3')],
    ['es:ESHttpPost', `${DOMAIN}/_bulk`],
    ['aoss:APIAccessAll', COLLECTION],
    ['kinesis:PutRecords', STREAM],
  ])('lets it %s on %s', async (...asked: Asked) => {
    expect(await may(asked)).toBe('Allowed');
  });

  test.each<Asked>([
    ...endless(stack),
    ['sqs:SetQueueAttributes', queue],
    ['sqs:PurgeQueue', queue],
    ['sqs:DeleteQueue', queue],
    ['sqs:ReceiveMessage', arn('sqs', 'trailbell-worker-failed')],
    ['es:ESHttpDelete', `${DOMAIN}/cloudtrail-2026-11`],
  ])('does not let it %s on %s', async (...asked: Asked) => {
    expect(await may(asked)).toBe('ImplicitlyDenied');
  });
});

describe('the policies of queues, topic and keys', () => {
  const stack = stackOf({ alerts: { from: ['bucket'] }, forwarder: {}, workerQueue: {} });
  const rule = stackOf(FOREIGN.get('a rule on a bucket’s events')!);
  const topic = arn('sns', 'trailbell-objects');
  const send = (stack: WholeStack, id: RegExp, principal: string, sourceArn: string, more: object = {}) =>
    decide({
      principal,
      action: 'sqs:SendMessage',
      resource: arn('sqs', 'trailbell-worker'),
      context: { 'aws:SourceArn': sourceArn, ...more },
      resourcePolicy: policyOf(stack, 'aws_sqs_queue_policy', id),
    });

  test('let in the topic that tells, and no other', async () => {
    const worker = /^worker_queue_policy/;
    expect(await send(stack, worker, 'sns.amazonaws.com', topic)).toBe('Allowed');
    expect(await send(stack, worker, 'sns.amazonaws.com', arn('sns', 'somebody-elses'))).toBe('ImplicitlyDenied');
    expect(await send(stack, worker, 's3.amazonaws.com', TRAIL)).toBe('ImplicitlyDenied');
    const insecure = { 'aws:SecureTransport': 'false' };
    expect(await send(stack, worker, 'sns.amazonaws.com', topic, insecure)).toBe('ExplicitlyDenied');
  });

  test('let in the rule that tells, and no other', async () => {
    const worker = /^worker_queue_policy/;
    expect(await send(rule, worker, 'events.amazonaws.com', arn('events', 'rule/trailbell-objects'))).toBe('Allowed');
    expect(await send(rule, worker, 'events.amazonaws.com', arn('events', 'rule/other'))).toBe('ImplicitlyDenied');
    expect(await send(rule, worker, 'sns.amazonaws.com', topic)).toBe('ImplicitlyDenied');
  });

  const publish = (account: string, bucket: string) =>
    decide({
      principal: 's3.amazonaws.com',
      action: 'sns:Publish',
      resource: topic,
      context: { 'aws:SourceArn': bucket, 'aws:SourceAccount': account },
      resourcePolicy: policyOf(stack, 'aws_sns_topic_policy', /^notices/),
    });
  test('let the one bucket publish, of this account', async () => {
    expect(await publish(ACCOUNT, TRAIL)).toBe('Allowed');
    expect(await publish(OTHER, TRAIL)).toBe('ImplicitlyDenied');
    expect(await publish(ACCOUNT, 'arn:aws:s3:::another')).toBe('ImplicitlyDenied');
  });

  const useKey = (stack: WholeStack, principal: string, context: Record<string, string>) =>
    decide({
      principal,
      action: 'kms:GenerateDataKey',
      resource: keyArn(stack, /^notices_key/),
      context,
      resourcePolicy: asTags(policyOf(stack, 'aws_kms_key', /^notices_key/)),
    });
  test('let only who tells encrypt', async () => {
    const context = 'aws:RequestTag/aws:sqs:arn';
    expect(await useKey(stack, 'sns.amazonaws.com', { 'aws:SourceArn': topic })).toBe('Allowed');
    expect(await useKey(stack, 'sns.amazonaws.com', { 'aws:SourceArn': arn('sns', 'x') })).toBe('ImplicitlyDenied');
    expect(await useKey(stack, 'events.amazonaws.com', {})).toBe('ImplicitlyDenied');
    expect(await useKey(rule, 'events.amazonaws.com', { [context]: arn('sqs', 'trailbell-index') })).toBe('Allowed');
    expect(await useKey(rule, 'events.amazonaws.com', { [context]: arn('sqs', 'x') })).toBe('ImplicitlyDenied');
    const bucket = { 'aws:SourceArn': TRAIL, 'aws:SourceAccount': ACCOUNT };
    expect(await useKey(stack, 's3.amazonaws.com', bucket)).toBe('Allowed');
    expect(await useKey(rule, 's3.amazonaws.com', bucket)).toBe('ImplicitlyDenied');
  });
});

describe('the policies printed for the other side', () => {
  const stack = stackOf(FOREIGN.get('a topic of somebody else’s')!);
  const queues = stackOf(FOREIGN.get('queues of somebody else’s')!);
  const printed = (of: WholeStack, name: string) => {
    const { value } = of.output['policies_to_attach'] as { value: Record<string, string> };
    return JSON.parse(resolve(of, value[name] ?? 'null')) as PolicyDocument;
  };
  const BUCKET = 'arn:aws:s3:::example-org-archive';
  const ARCHIVED = `${BUCKET}/AWSLogs/o-exampleorgid/${OTHER}/CloudTrail/eu-central-1/2026/11/20/x.json.gz`;
  const ask = (of: WholeStack, name: string, role: string, id: RegExp, [action, resource, context = {}]: Asked) =>
    decide({
      principal: roleArn(role),
      action,
      resource,
      resourceAccount: OTHER,
      context,
      identityPolicy: policyOf(of, 'aws_iam_role_policy', id),
      resourcePolicy: printed(of, name),
    });

  test.each([
    ['trailbell-alert', /^alert_role/],
    ['trailbell-forward', /^forwarder/],
    ['trailbell-index', /^indexer/],
  ] as const)('let %s read the files of a bucket of theirs, and nothing else', async (role, id) => {
    const may = (...asked: Asked) => ask(stack, 'objectBucket', role, id, asked);
    expect(await may('s3:GetObject', ARCHIVED)).toBe('Allowed');
    expect(await may('s3:ListBucket', BUCKET)).toBe('Allowed');
    expect(await may('s3:GetObject', `${BUCKET}/private/x`)).toBe('ImplicitlyDenied');
    expect(await may('s3:PutObject', ARCHIVED)).toBe('ImplicitlyDenied');
    const key = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');
    expect(await ask(stack, 'objectKeys', role, id, ['kms:Decrypt', key, through('s3')])).toBe('Allowed');
    expect(await ask(stack, 'objectKeys', role, id, ['kms:Decrypt', key])).toBe('ImplicitlyDenied');
  });

  test('let no other role of the account in', async () => {
    const identityPolicy = policyOf(stack, 'aws_iam_role_policy', /^alert_role/);
    const request = { action: 's3:GetObject', resource: ARCHIVED, resourceAccount: OTHER, identityPolicy };
    const resourcePolicy = printed(stack, 'objectBucket');
    expect(await decide({ ...request, principal: roleArn('another'), resourcePolicy })).toBe('ImplicitlyDenied');
  });

  test('let the stack subscribe its own queues and functions to their topic', async () => {
    const topic = `arn:aws:sns:${REGION}:${OTHER}:org-files`;
    const subscribe = (endpoint: string) =>
      decide({
        principal: roleArn('deploy'),
        action: 'sns:Subscribe',
        resource: topic,
        resourceAccount: OTHER,
        context: { 'sns:Endpoint': endpoint },
        identityPolicy: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sns:Subscribe', Resource: topic }],
        },
        resourcePolicy: printed(stack, 'objectTopic'),
      });
    const endpoints = [...resources(stack, 'aws_sns_topic_subscription')]
      .filter(([id]) => id.startsWith('notices_'))
      .map(([, { endpoint }]) => resolve(stack, String(endpoint)));
    expect(endpoints).toHaveLength(4);
    for (const endpoint of endpoints) expect(await subscribe(endpoint), endpoint).toBe('Allowed');
    expect(await subscribe(arn('sqs', 'another'))).toBe('ImplicitlyDenied');
  });

  test('let each reader read its queue', async () => {
    const alerts = `arn:aws:sqs:${REGION}:${OTHER}:files-for-alerts`;
    const may = (name: string, role: string, id: RegExp, action: string, queue: string) =>
      ask(queues, name, role, id, [action, queue]);
    for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
      expect(await may('alertsQueue', 'trailbell-alert', /^alert_role/, action, alerts)).toBe('Allowed');
    }
    expect(await may('alertsQueue', 'trailbell-index', /^indexer/, 'sqs:ReceiveMessage', alerts)).toBe(
      'ImplicitlyDenied',
    );
    expect(await may('alertsQueue', 'trailbell-alert', /^alert_role/, 'sqs:SendMessage', alerts)).toBe(
      'ImplicitlyDenied',
    );
    const key = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');
    const decrypt: Asked = ['kms:Decrypt', key, through('sqs')];
    expect(await ask(queues, 'objectKeys', 'trailbell-index', /^indexer/, decrypt)).toBe('Allowed');
  });

  const elsewhere = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${OTHER}:${resource}`;

  test('let the index function write to a domain of theirs, and nothing else', async () => {
    const domain = elsewhere('es', 'domain/trail');
    const of = stackOf({ indexer: { endpoint: 'https://x.example.com', authorization: 'es', targetArn: domain } });
    const may = (action: string, resource: string, role = 'trailbell-index') =>
      ask(of, 'indexerDomain', role, /^indexer/, [action, resource]);
    expect(await may('es:ESHttpPost', `${domain}/_bulk`)).toBe('Allowed');
    expect(await may('es:ESHttpPost', `${domain}/_bulk`, 'another')).toBe('ImplicitlyDenied');
    expect(await may('es:ESHttpPost', `${domain}/_search`)).toBe('ImplicitlyDenied');
    expect(await may('es:ESHttpDelete', `${domain}/_bulk`)).toBe('ImplicitlyDenied');
  });

  test('let the index function read a secret of theirs, and use its key through Secrets Manager alone', async () => {
    const secretArn = elsewhere('secretsmanager', 'secret:index-AbCdEf');
    const key = SECRET_KEY.replace(ACCOUNT, OTHER);
    const settings = { endpoint: 'https://x.example.com', authorization: 'secret', secretArn, secretKeyArn: key };
    const of = stackOf({ indexer: settings });
    const may = (name: string, role: string, asked: Asked) => ask(of, name, role, /^indexer/, asked);
    const read: Asked = ['secretsmanager:GetSecretValue', secretArn];
    expect(await may('indexerSecret', 'trailbell-index', read)).toBe('Allowed');
    expect(await may('indexerSecret', 'another', read)).toBe('ImplicitlyDenied');
    const decrypt: Asked = ['kms:Decrypt', key, through('secretsmanager')];
    expect(await may('indexerSecretKey', 'trailbell-index', decrypt)).toBe('Allowed');
    expect(await may('indexerSecretKey', 'trailbell-index', ['kms:Decrypt', key])).toBe('ImplicitlyDenied');
  });

  test('let senders subscribe log groups of theirs to the destination, and to no other', async () => {
    const of = stackOf(FOREIGN.get('other accounts alone')!);
    const { access_policy: accessPolicy } = resourceOf(of, 'aws_cloudwatch_log_destination_policy');
    const request = {
      principal: `arn:aws:iam::${OTHER}:role/subscribe`,
      action: 'logs:PutSubscriptionFilter',
      identityPolicy: printed(of, 'logSenders'),
    };
    const group = elsewhere('logs', 'log-group:aws-cloudtrail-logs');
    expect(await decide({ ...request, resource: group, resourceAccount: OTHER })).toBe('Allowed');
    const resourcePolicy = JSON.parse(resolve(of, String(accessPolicy))) as PolicyDocument;
    const destination = (name: string) => decide({ ...request, resource: arn('logs', name), resourcePolicy });
    expect(await destination('destination:trailbell-senders')).toBe('Allowed');
    expect(await destination('destination:another')).toBe('ImplicitlyDenied');
  });

  test('are none where everything is the stack’s own', () => {
    expect(stackOf({ alerts: { from: ['bucket'] }, forwarder: {} }).output).not.toHaveProperty('policies_to_attach');
  });
});

describe('infra/README.md', () => {
  const rowsOf = (permissions: readonly Permission<string>[]) =>
    permissions.map(({ sid, actions, on, provided }) => [
      `\`${sid}\``,
      actions.map((action) => `\`${action}\``).join(', '),
      on.join(', '),
      provided ?? '',
    ]);

  test('lists everything the forward and the index function may do', () => {
    expect(sectionRows('What the forward function may do')).toEqual(rowsOf(forwardPermissions));
    expect(sectionRows('What the index function may do')).toEqual(rowsOf(indexPermissions));
  });
});
