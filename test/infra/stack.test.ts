import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type Attributes, resourceOf, resources } from './iam.ts';
import { synthesise, type WholeStack, wholeConfig } from './synth.ts';
import { cycleIn, expressionsIn, graphOf, referencesIn, textsIn, waitsFor } from './synth-graph.ts';
import { BRING_YOUR_OWN, CONFIGS, configOfOptions, OPTIONS } from './synth-options.ts';
import { addresses, addressOf } from './trail-side.ts';

const FILTER = 'aws_cloudwatch_log_subscription_filter';
const STACKS = new Map([...CONFIGS].map(([name, config]) => [name, synthesise(config)]));
const stacks = [...STACKS];
const stackOf = (name: string) => STACKS.get(name)!;
const withTrail = stacks.filter(([, stack]) => resources(stack, 'aws_cloudtrail').size > 0);

const missing = (stack: WholeStack) => {
  const graph = graphOf(stack);
  const named = [...graph.values()].flatMap((ahead) => [...ahead]);
  return [...named, ...referencesIn(stack.output)].filter((address) => !graph.has(address));
};

describe('the reading of references', () => {
  test('finds a circle, a way, and what is not there', () => {
    const graph = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c'])],
      ['c', new Set<string>()],
    ]);
    expect(cycleIn(graph)).toBeUndefined();
    expect(waitsFor(graph, 'a', 'c')).toBe(true);
    expect(waitsFor(graph, 'c', 'a')).toBe(false);
    graph.get('c')!.add('a');
    expect(cycleIn(graph)).toEqual(['a', 'b', 'c', 'a']);
  });

  test('finds addresses in expressions and in depends_on, and in no other text', () => {
    const expression = (text: string) => `\${${text}}`;
    const block = {
      '//': { of: expression('aws_a.note.arn') },
      text: `${expression('element(split(":", aws_a.x-1_AB.arn), 1)')} ${expression('data.aws_b.y.region')} aws_a.z.arn`,
      depends_on: ['aws_c.q'],
    };
    expect(referencesIn(block)).toEqual(['aws_a.x-1_AB', 'data.aws_b.y', 'aws_c.q']);
    expect(() => expressionsIn(expression(`a ${expression('b')}`))).toThrow('within another');
  });
});

describe.each(stacks)('the stack of %s', (name, stack) => {
  test('names nothing that does not exist', () => {
    expect(missing(stack)).toEqual([]);
    expect(addresses(stack).length).toBeGreaterThan(30);
  });

  test('has no circle', () => {
    expect(cycleIn(graphOf(stack))).toBeUndefined();
  });

  test('has one provider, which refuses other accounts', () => {
    const { allowedAccountIds, region, name: prefix, tags, assumeRole } = CONFIGS.get(name)!;
    expect(stack.provider).toEqual({
      aws: [
        {
          region,
          allowed_account_ids: allowedAccountIds,
          default_tags: [{ tags: { application: 'trailbell', stack: prefix, ...tags } }],
          ...(assumeRole && { assume_role: [{ role_arn: assumeRole }] }),
        },
      ],
    });
    expect(Object.keys(stack.terraform.required_providers)).toEqual(['aws']);
  });

  test('leaves tags and Region of every resource to the provider', () => {
    for (const blocks of Object.values(stack.resource).flatMap((kind) => Object.values(kind))) {
      for (const argument of ['tags', 'tags_all', 'region', 'provider']) expect(blocks).not.toHaveProperty(argument);
    }
  });

  test('writes down no Region, partition or account that the configuration does not', () => {
    const config = CONFIGS.get(name)!;
    const said = textsIn(config)
      .map(({ text }) => text)
      .sort((a, b) => b.length - a.length);
    for (const { text, path } of textsIn(stack.resource)) {
      const own = said.reduce((rest, part) => rest.replaceAll(part, ''), text);
      expect(own, path.join('.')).not.toMatch(/\barn:aws|\b\d{12}\b|\b(?:[a-z]{2}|us-gov)-[a-z]{4,10}-\d\b/);
    }
  });

  test('ends the ARN of a log group in the wildcard that CloudTrail and Lambda expect', () => {
    for (const trail of resources(stack, 'aws_cloudtrail').values()) {
      expect(trail['cloud_watch_logs_group_arn']).toMatch(/^\$\{aws_cloudwatch_log_group\.[\w-]+\.arn\}:\*$/);
    }
    for (const [id, permission] of resources(stack, 'aws_lambda_permission')) {
      const source = id.startsWith('digest_')
        ? /rule_\w+\.arn\}$/
        : id.startsWith('notices_')
          ? /(?:topic|rule)_\w+\.arn\}$|^arn:[^*]+$/
          : /[^*]:\*$/;
      expect(permission['source_arn'], id).toMatch(source);
    }
  });
});

describe('any combination of options', () => {
  test('names nothing that does not exist and has no circle', () => {
    const options = [...OPTIONS.keys(), ...BRING_YOUR_OWN.keys()];
    fc.assert(
      fc.property(fc.subarray(options), (names) => {
        const config = configOfOptions(names);
        fc.pre(config !== undefined);
        const stack = synthesise(config);
        expect(missing(stack)).toEqual([]);
        expect(cycleIn(graphOf(stack))).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

describe('the order of creation', () => {
  const directly = ({ depends_on }: Attributes) => depends_on as readonly string[];

  test.each(withTrail)('trail after what CreateTrail checks: %s', (name, stack) => {
    const { trailOptions, existingDataKeyArn } = CONFIGS.get(name)!;
    const types = directly(resourceOf(stack, 'aws_cloudtrail')).map((address) => address.split('.')[0]);
    expect(types).toContain('aws_iam_role_policy');
    if (!trailOptions.existingBucket) expect(types).toContain('aws_s3_bucket_policy');
    if (!existingDataKeyArn) expect(types).toContain('aws_kms_key');
    if (trailOptions.objectLock) expect(types).toContain('aws_s3_bucket_object_lock_configuration');
  });

  const subscribed = stacks.filter(([name]) => CONFIGS.get(name)!.alerts.from.includes('log-group'));
  test.each(subscribed)('filter after its destination lets it in: %s', (name, stack) => {
    const graph = graphOf(stack);
    const filter = `${FILTER}.subscription-filter`;
    expect(addressOf(stack, FILTER)).toBe(filter);
    const direct = ['aws_lambda_permission', 'aws_lambda_alias', 'aws_lambda_function_event_invoke_config'];
    const stream = ['aws_kinesis_stream'];
    const ahead = (CONFIGS.get(name)!.delivery === 'kinesis' ? stream : direct).map((type) => {
      const others = /^(?:digest|notices|forwarder|indexer|log-destination)_/;
      const [id] = [...resources(stack, type).keys()].filter((id) => !others.test(id));
      return `${type}.${id}`;
    });
    for (const address of ahead) expect(waitsFor(graph, filter, address), address).toBe(true);
    expect(directly(resourceOf(stack, FILTER))).toContain(ahead[0]);
  });

  test.each(stacks)(
    'functions after their log groups, their roles’ policies, the policies of their topics and the ledger: %s',
    (name, stack) => {
      const graph = graphOf(stack);
      const functions = [...resources(stack, 'aws_lambda_function').keys()];
      const { ledger, forwarder, indexer } = CONFIGS.get(name)!;
      expect(functions.length).toBe(1 + [ledger, forwarder, indexer].filter(Boolean).length);
      for (const id of functions) {
        const own = new RegExp(`^${id.split('_')[0]}_`);
        const waited = (type: string, id: RegExp, by: string) =>
          [...resources(stack, type).keys()]
            .filter((name) => id.test(name))
            .map((name) => waitsFor(graph, `aws_lambda_function.${by}`, `${type}.${name}`));
        expect(waited('aws_cloudwatch_log_group', own, id)).toEqual([true]);
        expect(waited('aws_iam_role_policy', own, id)).toEqual([true]);
        if (/^(?:forwarder|indexer)_/.test(id)) continue;
        expect(waited('aws_sns_topic_policy', /^topics/, id)).not.toContain(false);
        expect(waited('aws_dynamodb_table', /./, id)).not.toContain(false);
        if (own.test('alert_')) expect(waited('aws_sqs_queue_policy', /^fates/, id)).toEqual([true]);
      }
    },
  );

  test.each(stacks)('every subscription after its queue lets the topic in: %s', (_, stack) => {
    for (const [id, subscription] of resources(stack, 'aws_sns_topic_subscription')) {
      const queuesOrFunction = directly(subscription).map((address) => address.split('.')[0]);
      expect(queuesOrFunction, id).toContain('aws_sqs_queue_policy');
      if (!id.startsWith('notices_')) expect(queuesOrFunction).toHaveLength(1);
      if (subscription['protocol'] === 'lambda' && id.startsWith('notices_')) {
        expect(queuesOrFunction, id).toContain('aws_lambda_permission');
      }
    }
  });
});

describe('the state', () => {
  test('is a file of the checkout, by explicit choice, that a new synth leaves alone', () => {
    expect(stackOf('the smallest').terraform.backend).toEqual({
      local: { path: '../../../terraform.trailbell.tfstate' },
    });
  });

  test('is locked and encrypted in S3', () => {
    expect(stackOf('another state').terraform.backend).toEqual({
      s3: {
        bucket: 'example-terraform-state',
        key: 'trailbell/terraform.tfstate',
        region: 'eu-west-1',
        encrypt: true,
        use_lockfile: true,
      },
    });
    expect(stackOf('infra/examples/full.json').terraform.backend['s3']).toMatchObject({
      key: 'trailbell.tfstate',
      kms_key_id: expect.stringMatching(/^arn:aws:kms:/),
      use_lockfile: true,
    });
  });
});

describe('two stacks in one account', () => {
  // What is named within something that has a name of its own.
  const INNER = [
    'aws_iam_role_policy.name: of the role',
    'aws_lambda_alias.name: of the function',
    'aws_lambda_alias.function_name: a reference',
  ];
  const NAMES = /^(?:name|bucket|function_name|alarm_name|dashboard_name|statement_id_prefix)$/;
  const namesOf = (stack: WholeStack) =>
    Object.entries(stack.resource).flatMap(([type, blocks]) =>
      Object.values(blocks).flatMap((block) =>
        Object.entries(block).flatMap(([argument, value]) => {
          const isInner = INNER.some((entry) => entry.startsWith(`${type}.${argument}:`));
          const isReference = typeof value === 'string' && /^\$\{aws_/.test(value);
          return NAMES.test(argument) && !isInner && !isReference ? [`${type} ${value}`] : [];
        }),
      ),
    );
  const teams = (name: string) => ({ name, subscriptions: [{ protocol: 'email', endpoint: 'team@example.com' }] });
  const everything = { chat: true, metricAlarms: { cis: true, extended: true } };
  const pair = (first: string, second: string, shared: object = {}) =>
    [
      synthesise(wholeConfig({ ...everything, ...shared, name: first, teams: [teams('eu-payments')] })),
      synthesise(wholeConfig({ ...everything, ...shared, name: second, teams: [teams('payments')] })),
    ] as const;

  test.each([
    ['corp', 'trails', {}],
    ['corp', 'corp-eu', {}],
    ['corp', 'corp-alert', {}],
    ['corp', 'corp-digest', {}],
    ['corp', 'corp-stream', { delivery: 'kinesis' }],
    ['corp', 'corp-eu', { trail: { logGroupName: 'aws-cloudtrail-logs' } }],
  ])('%s and %s share no name: %j', (first, second, shared) => {
    const [one, other] = pair(first, second, shared).map(namesOf);
    expect(one!.length).toBeGreaterThan(60);
    expect(new Set(one).size).toBe(one!.length);
    expect(one!.filter((name) => other!.includes(name))).toEqual([]);
  });

  test.each([
    ['kinesis', 'direct'],
    ['direct', 'kinesis'],
  ])('keep their filters apart on one log group: %s beside %s', (delivery, others) => {
    const trail = { logGroupName: 'aws-cloudtrail-logs' };
    const one = synthesise(wholeConfig({ name: 'corp', trail, delivery }));
    const other = synthesise(wholeConfig({ name: 'corp-stream', trail, delivery: others }));
    expect(resourceOf(one, FILTER)['name']).not.toBe(resourceOf(other, FILTER)['name']);
  });

  test('count different metrics', () => {
    const metricsOf = (stack: WholeStack) =>
      [...resources(stack, 'aws_cloudwatch_log_metric_filter').values()].map((filter) => {
        const { name, namespace } = filter['metric_transformation'] as { name: string; namespace: string };
        return `${namespace}/${name}`;
      });
    const [one, other] = pair('corp', 'corp-eu').map(metricsOf);
    expect(one!.length).toBeGreaterThan(10);
    expect(one!.filter((name) => other!.includes(name))).toEqual([]);
  });

  test.each([[{ backend: 'local' }], [{ backend: 's3', bucket: 'example-terraform-state', region: 'eu-west-1' }]])(
    'keep their states apart: %j',
    (state) => {
      const [one, other] = pair('corp', 'trails', { state });
      expect(one.terraform.backend).not.toEqual(other.terraform.backend);
    },
  );
});
