import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resources } from './iam.ts';
import { synthesise, wholeConfig } from './synth.ts';
import { CONFIGS } from './synth-options.ts';
import { type Line, standInFor, Terraform } from './synth-terraform.ts';

const hasTerraform = spawnSync('terraform', ['-help'], { stdio: 'ignore' }).status === 0;
const unless = hasTerraform ? '' : ' (skipped: no terraform on the PATH)';

// A permission changes nothing of itself: it is always another one.
const REPLACED_BY = {
  aws_cloudwatch_log_subscription_filter: ['name', 'log_group_name', 'destination_arn'],
  aws_lambda_permission: ['source_arn', 'function_name', 'qualifier', 'principal', 'source_account'],
  aws_cloudtrail: ['name'],
  aws_s3_bucket: ['bucket'],
  aws_cloudwatch_log_group: ['name', 'log_group_class'],
  aws_sns_topic: ['name'],
};

const terraform = new Terraform();
const write = (parts: object) => terraform.write(standInFor(synthesise(wholeConfig(parts as never)), REPLACED_BY));

/** What was done to which resource, in the order it was finished. */
const doneIn = (lines: readonly Line[]) =>
  lines.flatMap(({ type, hook }) =>
    type === 'apply_complete' && hook ? [`${hook.action} ${hook.resource.addr.replace('terraform_data.', '')}`] : [],
  );
const plannedIn = (lines: readonly Line[]) =>
  lines.flatMap(({ type, change }) => (type === 'planned_change' && change ? [change] : []));
const position = (done: readonly string[], pattern: RegExp) => {
  const found = done.findIndex((entry) => pattern.test(entry));
  expect(found, `${pattern} in ${done.join(', ')}`).toBeGreaterThanOrEqual(0);
  return found;
};

describe.skipIf(!hasTerraform)(`Terraform itself, on resources that stand in for the provider’s${unless}`, () => {
  beforeAll(async () => {
    write({});
    expect(await terraform.run('init', '-no-color')).toContain('successfully initialized');
  });

  afterAll(() => terraform.remove());

  test('would see a circle, and a reference to nothing', async () => {
    const validated = async (resource: object) => {
      terraform.write({ resource: { terraform_data: resource } });
      return JSON.parse(await terraform.run('validate', '-json'));
    };
    const waits = (other: string) => ({ depends_on: [`terraform_data.${other}`] });
    expect(await validated({ a: waits('b'), b: waits('a') })).toMatchObject({ valid: false });
    expect(await validated({ a: waits('b') })).toMatchObject({ valid: false });
    expect(await validated({ a: waits('b'), b: {} })).toMatchObject({ valid: true });
  });

  test.each([...CONFIGS].filter(([name]) => name.includes('.json') || name.includes(', ')))(
    'finds nothing wrong with %s',
    async (_, config) => {
      const stack = synthesise(config);
      terraform.write(standInFor(stack, REPLACED_BY));
      expect(JSON.parse(await terraform.run('validate', '-json'))).toMatchObject({ valid: true, diagnostics: [] });
      expect(resources(stack, 'aws_lambda_function').size).toBe(
        1 + [config.ledger, config.forwarder, config.indexer].filter(Boolean).length,
      );
    },
  );

  test('applies a stack, finds nothing to do again, and moves it to a stream and back without a gap', async () => {
    write({});
    expect(doneIn(await terraform.apply()).length).toBeGreaterThan(60);
    expect(plannedIn(await terraform.apply())).toEqual([]);

    for (const [delivery, before, opened, closed] of [
      ['kinesis', 'direct', /^create aws_kinesis_stream__/, /^delete aws_lambda_permission__/],
      ['direct', 'kinesis', /^create aws_lambda_permission__/, /^delete aws_kinesis_stream__/],
    ] as const) {
      write({ delivery });
      const lines = await terraform.apply();
      const done = doneIn(lines);
      const made = position(done, /^create aws_cloudwatch_log_subscription_filter__/);
      const gone = position(done, /^delete aws_cloudwatch_log_subscription_filter__/);
      expect(position(done, opened), `${before} to ${delivery}`).toBeLessThan(made);
      expect(made).toBeLessThan(gone);
      expect(gone).toBeLessThan(position(done, closed));
      const replaced = plannedIn(lines).filter(({ action }) => action === 'replace');
      expect(replaced.map(({ resource }) => resource.addr)).toEqual([
        'terraform_data.aws_cloudwatch_log_subscription_filter__subscription-filter',
      ]);
    }
  });

  test('replaces nothing for any other option', async () => {
    write({});
    await terraform.apply();
    write({
      chat: true,
      pushdown: true,
      destroyData: true,
      logRetentionDays: 30,
      trailOptions: {
        organizationId: 'o-exampleorgid',
        objectLock: { mode: 'GOVERNANCE', days: 30 },
        keyPrefix: 'audit',
      },
      metricAlarms: { cis: true, extended: true },
      alerts: { from: ['log-group', 'bucket', 'destination'], senderAccountIds: ['123456789012'] },
      forwarder: {},
      indexer: { endpoint: 'https://index.example.com', authorization: 'none' },
      workerQueue: {},
    });
    const actions = plannedIn(await terraform.apply()).map(({ action }) => action);
    expect(new Set(actions)).toEqual(new Set(['create', 'update']));
  });
});
