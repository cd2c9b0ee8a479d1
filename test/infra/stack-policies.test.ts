import { describe, expect, test } from 'vitest';
import { type Attributes, type PolicyDocument, resources, type Statement } from './iam.ts';
import { synthesise, type WholeStack } from './synth.ts';
import { CONFIGS } from './synth-options.ts';

const stacks = [...CONFIGS].map(([name, config]) => [name, synthesise(config)] as const);

const documentIn = (block: Attributes, argument = 'policy') => JSON.parse(String(block[argument])) as PolicyDocument;
const statementsOf = (stack: WholeStack, type: string, argument = 'policy') =>
  [...resources(stack, type)].flatMap(([id, block]) =>
    documentIn(block, argument).Statement.map((statement) => ({ id, ...statement })),
  );
const listOf = (value: string | readonly string[] | undefined) => (typeof value === 'string' ? [value] : (value ?? []));
/** References and accounts are of no interest where only the shape of an ARN is. */
const shapeOf = (arn: string) =>
  arn
    .replace(/\$\{aws_\w+\.([\w-]+?)(?:_[0-9A-F]{8})?\.arn\}/g, '<$1>')
    .replace(/\$\{data\.aws_\w+\.place_(\w+?)_[0-9A-F]{8}\.\w+\}/g, '<$1>');

/** Every wildcard in a resource of an IAM policy, and why no narrower one would do. */
const REVIEWED: Readonly<Record<string, { readonly shapes: readonly RegExp[]; readonly because: string }>> = {
  WriteOwnLog: {
    shapes: [
      /^arn:<partition>:logs:<region>:<caller>:log-group:\/aws\/lambda\/trailbell-(?:alert|digest|forward|index):log-stream:\*$/,
    ],
    because: 'Lambda names the streams of a function’s own log group.',
  },
  KeepFailures: {
    shapes: [/^<failure-store_bucket>\/\*$/],
    because: 'Lambda names the objects, and accepts a destination only when all of the bucket may be written.',
  },
  ReadFiles: {
    shapes: [/^arn:<partition>:s3:::[\w.<>-]+\/(?:audit\/)?AWSLogs\/\*$/],
    because: 'CloudTrail names the files, by account, Region and day.',
  },
  Trace: { shapes: [/^\*$/], because: 'X-Ray has no resources.' },
  DeliverRecords: {
    shapes: [
      /:log-group:[\w/-]+:log-stream:(?:<caller>|\d{12})_CloudTrail_<region>\*$/,
      /:log-group:[\w/-]+:log-stream:o-\w+_\*$/,
    ],
    because: 'CloudTrail numbers its streams, and names those of member accounts.',
  },
};

/** Every action with a wildcard, by the policy that has it. */
const REVIEWED_ACTIONS: Readonly<Record<string, string>> = {
  'kms:*': 'The account administers its own keys; without it a key is lost with its last user.',
  'kms:GenerateDataKey*': 'Services ask for the key with and without its plaintext.',
  'kms:ReEncrypt*': 'Half of it is from, half is to; CloudWatch Logs documents it so.',
  's3:*': 'Denied without TLS, whatever it is.',
  'sqs:*': 'Denied without TLS, whatever it is.',
};

const POLICIES = [
  ['aws_iam_role_policy', 'policy'],
  ['aws_iam_role', 'assume_role_policy'],
  ['aws_kms_key', 'policy'],
  ['aws_s3_bucket_policy', 'policy'],
  ['aws_sns_topic_policy', 'policy'],
  ['aws_sqs_queue_policy', 'policy'],
] as const;

describe.each(stacks)('the policies of %s', (name, stack) => {
  test('are well formed, every statement named once', () => {
    for (const [type, argument] of POLICIES) {
      for (const block of resources(stack, type).values()) {
        const { Version, Statement } = documentIn(block, argument);
        expect(Version).toBe('2012-10-17');
        const ids = Statement.map(({ Sid }) => Sid);
        for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]+$/);
        expect(new Set(ids).size).toBe(ids.length);
        for (const statement of Statement) expect(['Allow', 'Deny']).toContain(statement.Effect);
      }
    }
  });

  test('grant no role a wildcard that was not reviewed', () => {
    const wild = statementsOf(stack, 'aws_iam_role_policy').flatMap(({ Sid = '', Resource }) =>
      listOf(Resource)
        .filter((arn) => arn.includes('*'))
        .filter((arn) => !REVIEWED[Sid]?.shapes.some((shape) => shape.test(shapeOf(arn))))
        .map((arn) => `${Sid}: ${shapeOf(arn)}`),
    );
    expect(wild).toEqual([]);
  });

  test('name every action, but for those reviewed', () => {
    const actions = POLICIES.flatMap(([type, argument]) => statementsOf(stack, type, argument)).flatMap(
      ({ Action, Sid }) => listOf(Action).map((action) => ({ action, Sid })),
    );
    const wild = actions.filter(({ action }) => action.includes('*') && !REVIEWED_ACTIONS[action]);
    expect(wild).toEqual([]);
    for (const { action, Sid } of actions.filter(({ action }) => /:\*$/.test(action))) {
      expect(['AccountAdministersKey', 'DenyWithoutTls'], action).toContain(Sid);
    }
  });

  test('let everybody in nowhere', () => {
    const open = POLICIES.flatMap(([type, argument]) => statementsOf(stack, type, argument)).filter(
      ({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal ?? '').includes('"*"'),
    );
    expect(open).toEqual([]);
    for (const [type] of POLICIES) {
      for (const statement of statementsOf(stack, type, type === 'aws_iam_role' ? 'assume_role_policy' : 'policy')) {
        expect(statement).not.toHaveProperty('NotPrincipal');
        expect(statement).not.toHaveProperty('NotAction');
        expect(statement).not.toHaveProperty('NotResource');
      }
    }
  });

  test('ask of every service in a resource’s policy whose doing it is', () => {
    const foreign = ['aws_kms_key', 'aws_s3_bucket_policy', 'aws_sns_topic_policy', 'aws_sqs_queue_policy']
      .flatMap((type) => statementsOf(stack, type))
      .filter(({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('Service'));
    expect(foreign.length).toBeGreaterThan(0);
    for (const { id, Sid, Condition } of foreign) {
      expect(JSON.stringify(Condition), `${id} ${Sid}`).toMatch(
        /aws:SourceArn|kms:EncryptionContext:aws:(?:logs|sqs):arn/,
      );
    }
  });

  test.each([
    ['aws_s3_bucket', 'aws_s3_bucket_policy', 'bucket'],
    ['aws_sns_topic', 'aws_sns_topic_policy', 'arn'],
    ['aws_sqs_queue', 'aws_sqs_queue_policy', 'queue_url'],
  ])('%s is closed to who comes without TLS', (type, policyType, argument) => {
    const policies = [...resources(stack, policyType).values()];
    const ids = [...resources(stack, type).keys()];
    for (const id of ids) {
      const own = policies.filter((policy) => String(policy[argument]).startsWith(`\${${type}.${id}.`));
      expect(own, id).toHaveLength(1);
      const denied = documentIn(own[0]!).Statement.find(({ Sid }) => Sid === 'DenyWithoutTls') as Statement;
      expect(denied).toMatchObject({
        Effect: 'Deny',
        Principal: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
    expect(policies).toHaveLength(ids.length);
  });

  test('bound every role when a boundary is set', () => {
    const boundary = CONFIGS.get(name)!.permissionsBoundary;
    const roles = [...resources(stack, 'aws_iam_role').values()];
    expect(roles.length).toBeGreaterThan(0);
    for (const role of roles) expect(role['permissions_boundary']).toBe(boundary);
    for (const type of ['aws_iam_role_policy_attachment', 'aws_iam_policy', 'aws_iam_user']) {
      expect(resources(stack, type).size).toBe(0);
    }
  });
});

describe.each(stacks)('what rests in %s', (name, stack) => {
  const own = CONFIGS.get(name)!.existingDataKeyArn;
  const isCustomerKey = (key: unknown) =>
    (own !== undefined && key === own) ||
    [...resources(stack, 'aws_kms_key').keys()].some((id) => key === `\${aws_kms_key.${id}.arn}`);

  test.each([
    ['aws_sns_topic', 'kms_master_key_id'],
    ['aws_sqs_queue', 'kms_master_key_id'],
    ['aws_cloudwatch_log_group', 'kms_key_id'],
    ['aws_kinesis_stream', 'kms_key_id'],
    ['aws_cloudtrail', 'kms_key_id'],
  ])('%s is encrypted with a key of the customer’s', (type, argument) => {
    for (const [id, block] of resources(stack, type)) {
      // The forwarder's stream has the key its configuration says; by default the one that cost its predecessor nothing.
      if (id.startsWith('forwarder_stream_')) expect(block[argument]).toBe(CONFIGS.get(name)!.forwarder!.streamKey);
      else expect(isCustomerKey(block[argument]), id).toBe(true);
    }
  });

  test('the table of fates is encrypted with a key of the customer’s', () => {
    for (const table of resources(stack, 'aws_dynamodb_table').values()) {
      const { enabled, kms_key_arn } = table['server_side_encryption'] as Attributes;
      expect([enabled, isCustomerKey(kms_key_arn)]).toEqual([true, true]);
    }
  });

  test('what SNS refused does not rest under the key of the topics, which may be the reason', () => {
    const keyOf = (type: string, id: RegExp) =>
      [...resources(stack, type)].flatMap(([name, block]) => (id.test(name) ? [block['kms_master_key_id']] : []));
    const [own] = keyOf('aws_sqs_queue', /^fates_/);
    expect(own).toBeDefined();
    expect(keyOf('aws_sns_topic', /./)).not.toContain(own);
  });

  test('a stream says that it is encrypted, and a key that it turns over', () => {
    for (const stream of resources(stack, 'aws_kinesis_stream').values()) {
      expect(stream['encryption_type']).toBe('KMS');
    }
    for (const key of resources(stack, 'aws_kms_key').values()) {
      expect(key).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
    }
  });

  test.each([
    'aws_s3_bucket_server_side_encryption_configuration',
    'aws_s3_bucket_public_access_block',
    'aws_s3_bucket_ownership_controls',
    'aws_s3_bucket_versioning',
    'aws_s3_bucket_lifecycle_configuration',
  ])('every bucket has its %s, once', (type) => {
    const buckets = [...resources(stack, 'aws_s3_bucket').keys()].map((id) => `\${aws_s3_bucket.${id}.bucket}`);
    expect([...resources(stack, type).values()].map((block) => block['bucket']).sort()).toEqual(buckets.sort());
  });

  test('a bucket encrypts with a key of the customer’s', () => {
    for (const { rule } of resources(stack, 'aws_s3_bucket_server_side_encryption_configuration').values() as Iterable<{
      rule: { apply_server_side_encryption_by_default: Attributes }[];
    }>) {
      for (const { apply_server_side_encryption_by_default: byDefault } of rule) {
        expect(byDefault['sse_algorithm']).toBe('aws:kms');
        expect(isCustomerKey(byDefault['kms_master_key_id'])).toBe(true);
      }
    }
  });

  test('the topic of operations has a key that no other topic has', () => {
    const keys = [...resources(stack, 'aws_sns_topic')].map(([id, topic]) => [
      /operations/.test(id),
      topic['kms_master_key_id'],
    ]);
    const others = keys.filter(([isOperations]) => !isOperations).map(([, key]) => key);
    for (const [, key] of keys.filter(([isOperations]) => isOperations)) expect(others).not.toContain(key);
  });

  test('nothing is deleted with its contents unless that was asked for', () => {
    const { destroyData } = CONFIGS.get(name)!;
    for (const bucket of resources(stack, 'aws_s3_bucket').values()) expect(bucket['force_destroy']).toBe(destroyData);
    for (const [id, group] of resources(stack, 'aws_cloudwatch_log_group')) {
      // Nothing of a record is in the log of digests, and but names of files in those of the tools.
      expect(group['skip_destroy'], id).toBe(/^(?:digest|forwarder|indexer)_/.test(id) ? undefined : !destroyData);
    }
    for (const table of resources(stack, 'aws_dynamodb_table').values()) {
      expect(table['deletion_protection_enabled']).toBe(!destroyData);
    }
  });
});
