import { describe, expect, test } from 'vitest';
import { type Attributes, resourceOf, resources } from './iam.ts';
import { synthesise, type WholeStack, wholeConfig } from './synth.ts';
import { expressionsIn } from './synth-graph.ts';
import { BRING_YOUR_OWN, OPTIONS } from './synth-options.ts';

/**
 * The arguments that make version 6.25 of the provider replace a resource when they change. Every resource is replaced
 * as well when its `region` changes, which is why none has one.
 * @see https://github.com/hashicorp/terraform-provider-aws
 */
const REPLACED_BY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_cloudtrail: { name: 'the trail’s identity' },
  aws_s3_bucket: {
    bucket: 'the identity of the bucket',
    bucket_prefix: 'a prefix makes a new name',
    object_lock_enabled: 'the provider knows it of new buckets only; the lock is a resource of its own here',
  },
  aws_cloudwatch_log_group: {
    name: 'the identity of the group',
    name_prefix: 'a prefix makes a new name',
    log_group_class: 'a group keeps the class it was created with',
  },
  aws_sns_topic: {
    name: 'the identity of the topic',
    name_prefix: 'a prefix makes a new name',
    fifo_topic: 'a topic keeps its kind',
  },
  aws_cloudwatch_log_subscription_filter: {
    name: 'the identity of the filter, in its group',
    log_group_name: 'a filter is part of its group',
    destination_arn: 'CloudWatch Logs would change it in place, the provider makes a new filter',
  },
  aws_kms_key: {
    key_usage: 'fixed when a key is made',
    customer_master_key_spec: 'fixed when a key is made',
    multi_region: 'fixed when a key is made',
    custom_key_store_id: 'fixed when a key is made',
  },
  aws_lambda_function: { function_name: 'the function’s identity', package_type: 'a function stays a zip or an image' },
  aws_dynamodb_table: {
    name: 'the identity of the table',
    hash_key: 'fixed when a table is made',
    range_key: 'fixed when a table is made',
  },
  aws_lambda_alias: { name: 'the identity of the alias', function_name: 'an alias is part of its function' },
};
const TYPES = Object.keys(REPLACED_BY);
const FILTER = 'aws_cloudwatch_log_subscription_filter';

const addressesOf = (stack: WholeStack) =>
  new Map(TYPES.flatMap((type) => [...resources(stack, type)].map(([id, block]) => [`${type}.${id}`, block] as const)));
/** What of a resource would replace it, if it changed. */
const fixedOf = (address: string, block: Attributes | undefined) =>
  Object.fromEntries(
    ['region', ...Object.keys(REPLACED_BY[address.split('.')[0]!]!)].map((argument) => [argument, block?.[argument]]),
  );

const OPTIONAL =
  /^aws_sns_topic\.(?:topics_chat|notices)_|^aws_dynamodb_table\.|^aws_kms_key\.notices_|^aws_(?:lambda_function|cloudwatch_log_group)\.(?:digest|forwarder|indexer)_/;

const RECORD_STREAM = /^stream-subscription_/;
const deliveryOf = (stack: WholeStack) =>
  [...resources(stack, 'aws_kinesis_stream').keys()].some((id) => RECORD_STREAM.test(id)) ? 'kinesis' : 'direct';

const base = synthesise(wholeConfig());
const optional = new Map([
  ['nothing', base],
  ...[...OPTIONS].map(([name, parts]) => [name, synthesise(wholeConfig(parts))] as const),
]);

describe('the addresses of what must not be lost', () => {
  test('are the ones that states in use hold', () => {
    expect([...addressesOf(synthesise(wholeConfig({ chat: true }))).keys()]).toEqual([
      'aws_cloudtrail.records_trail_510D8D1D',
      'aws_s3_bucket.failure-store_bucket_C26FCD85',
      'aws_s3_bucket.records_bucket_9A081B3D',
      'aws_cloudwatch_log_group.alert_log-group_FA6AB310',
      'aws_cloudwatch_log_group.digest_log-group_3E323096',
      'aws_cloudwatch_log_group.records_log-group_DF4EB056',
      'aws_sns_topic.topics_alerts_12ED66C0',
      'aws_sns_topic.topics_chat_8C689443',
      'aws_sns_topic.topics_findings_A20B87C1',
      'aws_sns_topic.topics_operations_343D4677',
      'aws_cloudwatch_log_subscription_filter.subscription-filter',
      'aws_kms_key.alert-key_B111A593',
      'aws_kms_key.data-key_5D719C34',
      'aws_kms_key.operations-key_A6A4566F',
      'aws_lambda_function.alert_function_4172387A',
      'aws_lambda_function.digest_function_789BEA8D',
      'aws_dynamodb_table.fates_ledger_table_630EF6F0',
      'aws_lambda_alias.alert_alias_9F40FBD1',
    ]);
  });

  test('do not depend on the name of the stack', () => {
    expect([...addressesOf(synthesise(wholeConfig({ name: 'corp' }))).keys()]).toEqual([...addressesOf(base).keys()]);
  });
});

describe('what would replace a resource', () => {
  test.each([...optional])('is known before apply: %s', (_, stack) => {
    for (const [address, block] of addressesOf(stack)) {
      const texts = Object.values(fixedOf(address, block)).filter((value) => typeof value === 'string');
      for (const expression of texts.flatMap(expressionsIn)) {
        // Data sources are read when planning; a name or bucket is what the configuration says.
        expect(expression, address).toMatch(/^data\.|^aws_\w+\.[\w-]+\.(?:name|bucket|function_name)$/);
      }
    }
  });

  test.each([...optional])('stays when %s gives way to anything else', (_, before) => {
    for (const [to, after] of optional) {
      const now = addressesOf(after);
      for (const [address, block] of addressesOf(before)) {
        // The topic of chat, the ledger with its digest and what reads files go with the options that make them.
        if (!now.has(address) && OPTIONAL.test(address)) continue;
        expect([...now.keys()], to).toContain(address);
        if (address.startsWith(FILTER) && deliveryOf(before) !== deliveryOf(after)) continue;
        expect(fixedOf(address, now.get(address)), `${to}: ${address}`).toEqual(fixedOf(address, block));
      }
    }
  });
});

describe('a filter with another destination', () => {
  const everything = [
    ...optional,
    ...[...BRING_YOUR_OWN].map(([name, parts]) => [name, synthesise(wholeConfig(parts))] as const),
  ];
  const filters = everything.map(([name, stack]) => [name, resourceOf(stack, FILTER)] as const);

  test('is made before the old one goes, and the old one takes nothing of it along', () => {
    const identity = ({ log_group_name, name }: Attributes) => `${log_group_name} ${name}`;
    const destinations = new Map<string, unknown>();
    for (const [option, filter] of filters) {
      expect(filter['lifecycle'], option).toEqual({ create_before_destroy: true });
      // Deleting is by name: two filters of one name must be the same one.
      const known = destinations.get(identity(filter)) ?? filter['destination_arn'];
      expect(filter['destination_arn'], option).toBe(known);
      destinations.set(identity(filter), known);
    }
    expect(destinations.size).toBe(3);
  });

  test('outlives neither the way to the old destination nor the new one’s making', () => {
    for (const stack of optional.values()) {
      const destination = deliveryOf(stack) === 'kinesis' ? 'aws_kinesis_stream' : 'aws_lambda_permission';
      const id = deliveryOf(stack) === 'kinesis' ? RECORD_STREAM : /^subscription/;
      expect(resourceOf(stack, destination, id)['lifecycle']).toEqual({ create_before_destroy: true });
    }
  });
});

describe('the ledger, switched on in a stack that is there', () => {
  const everyAddress = (stack: WholeStack) =>
    Object.entries(stack.resource).flatMap(([type, blocks]) => Object.keys(blocks).map((id) => `${type}.${id}`));
  const before = everyAddress(optional.get('no ledger')!);

  test('adds itself, the digest and their alarms, and takes nothing away', () => {
    const now = everyAddress(base);
    expect(before.filter((address) => !now.includes(address))).toEqual([]);
    const added = now.filter((address) => !before.includes(address));
    expect(added.length).toBeGreaterThan(8);
    for (const address of added) {
      expect(address).toMatch(
        /^aws_dynamodb_table\.fates_ledger_|^aws_\w+\.digest_|_(?:ledger-failures|digest-errors|silent-digest)_/,
      );
    }
  });
});

describe('what reads files, switched on in a stack that is there', () => {
  const blocks = (stack: WholeStack) =>
    new Map(
      Object.entries(stack.resource).flatMap(([type, kind]) =>
        Object.entries(kind).map(([id, block]) => [`${type}.${id}`, block] as const),
      ),
    );
  const OWN: readonly (readonly [option: string, added: RegExp, changed: readonly RegExp[]])[] = [
    ['alerts from files', /\.(?:notices|object-source|objects-\w+)/, [/^aws_iam_role_policy\.alert_role/]],
    ['alerts from files by the topic', /\.(?:notices|object-source|objects-\w+)/, [/^aws_iam_role_policy\.alert_role/]],
    [
      'alerts from files, told by the bucket',
      /\.(?:notices|object-source|objects-\w+)/,
      [/^aws_iam_role_policy\.alert_role/],
    ],
    ['alerts from other accounts', /\.(?:log-destination|senders-\w+)/, [/^aws_iam_role_policy\.alert_role/]],
    // The data key lets the log group of its function in.
    ['a forwarder', /\.(?:notices|forwarder)_/, [/^aws_kms_key\.data-key/]],
    ['an indexer', /\.(?:notices|indexer)_/, [/^aws_kms_key\.data-key/]],
    ['a worker queue', /\.(?:notices|worker)_/, []],
  ];

  test.each(OWN)('%s adds itself and leaves everything else as it is, byte for byte', (option, added, changed) => {
    const before = blocks(base);
    const now = blocks(optional.get(option)!);
    for (const [address, block] of before) {
      if (changed.some((pattern) => pattern.test(address))) continue;
      expect(JSON.stringify(now.get(address)), address).toBe(JSON.stringify(block));
    }
    const more = [...now.keys()].filter((address) => !before.has(address));
    expect(more.length).toBeGreaterThan(5);
    for (const address of more) expect(address).toMatch(added);
  });

  test('is off by default, in other words as well', () => {
    const off = {
      alerts: { from: ['log-group'], via: 'queue', senderAccountIds: [] },
      objects: { keyArns: [], eventBridge: false },
    };
    expect(JSON.stringify(synthesise(wholeConfig(off)))).toBe(JSON.stringify(base));
    const kinds = Object.keys(base.resource);
    for (const kind of ['aws_s3_bucket_notification', 'aws_kinesis_stream', 'aws_lambda_event_source_mapping']) {
      expect(kinds).not.toContain(kind);
    }
    expect(resources(base, 'aws_lambda_function').size).toBe(2);
  });
});

describe('something of the user’s in place of something of the stack’s', () => {
  test.each([
    ['an existing trail', [/^aws_cloudtrail\./, /^aws_s3_bucket\.records_/, /^aws_cloudwatch_log_group\.records_/]],
    ['an existing bucket', [/^aws_s3_bucket\.records_/]],
    ['an existing key', [/^aws_kms_key\.data-key/]],
    ['an existing topic of mails', [/^aws_sns_topic\.topics_alerts_/]],
    ['an existing topic of findings', [/^aws_sns_topic\.topics_findings_/]],
    ['an existing topic of operations', [/^aws_sns_topic\.topics_operations_/]],
  ])('%s leaves everything else as it is', (name, leaving) => {
    const after = addressesOf(synthesise(wholeConfig(BRING_YOUR_OWN.get(name)!)));
    for (const [address, block] of addressesOf(base)) {
      const leaves = leaving.some((pattern) => pattern.test(address));
      expect(after.has(address), address).toBe(!leaves);
      // A filter on another log group is another filter.
      if (leaves || (address.startsWith(FILTER) && name === 'an existing trail')) continue;
      expect(fixedOf(address, after.get(address)), address).toEqual(fixedOf(address, block));
    }
  });

  test('is every such option', () => {
    expect(BRING_YOUR_OWN.size).toBe(6);
  });
});
