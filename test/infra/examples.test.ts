import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSeverities } from '../../cli/severities-folder.ts';
import { configProblems } from '../../infra/checks.ts';
import type { Config } from '../../infra/config.ts';
import { parseConfig } from '../../infra/load-config.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const INFRA = join(ROOT, 'infra');
const severities = await readSeverities(join(ROOT, 'severities'));

const textOf = (file: string) => readFileSync(join(INFRA, file), 'utf8');
const example = (file: string): Config => parseConfig(textOf(file), file);
const FILES = ['config.example.json', ...readdirSync(join(INFRA, 'examples')).map((name) => `examples/${name}`)];

describe.each(FILES)('%s', (file) => {
  it('could be deployed', () => {
    expect(configProblems(example(file), severities)).toEqual([]);
  });

  it('leads an editor to the schema', () => {
    const { $schema = '' } = example(file);
    expect(existsSync(join(INFRA, dirname(file), $schema))).toBe(true);
  });

  it('names documentation accounts only', () => {
    const accounts = textOf(file).match(/\b\d{12}\b/g) ?? [];
    expect(accounts.filter((id) => !['111122223333', '123456789012'].includes(id))).toEqual([]);
  });
});

describe('the examples', () => {
  it.each<[string, object]>([
    ['create', { trail: 'create', trailOptions: { bucketRetentionDays: 400 } }],
    ['existing-trail', { trail: { logGroupName: expect.any(String) } }],
    ['organization-management', { trailOptions: { organizationId: 'o-exampleorgid' } }],
    [
      'organization-delegated',
      { trailOptions: { organizationId: 'o-exampleorgid', managementAccountId: '111122223333' } },
    ],
    [
      'existing-bucket-and-key',
      { trailOptions: { existingBucket: expect.any(String) }, existingDataKeyArn: expect.any(String) },
    ],
    [
      'existing-topics',
      { existingTopics: { alerts: expect.any(String), findings: expect.any(String), operations: expect.any(String) } },
    ],
    ['kinesis', { delivery: 'kinesis', pushdown: true }],
    ['full', { chat: true, metricAlarms: { cis: true, extended: true } }],
  ])('show %s', (name, shape) => {
    expect(example(`examples/${name}.json`)).toMatchObject(shape);
  });

  it('show every protocol', () => {
    const protocols = example('examples/full.json').teams.flatMap(({ subscriptions }) =>
      subscriptions.map(({ protocol }) => protocol),
    );
    expect(new Set(protocols)).toEqual(new Set(['email', 'sqs', 'https', 'lambda', 'chat']));
  });

  it('of a delegated account is deployed outside the management account', () => {
    const { allowedAccountIds, trailOptions } = example('examples/organization-delegated.json');
    expect(allowedAccountIds).not.toContain(trailOptions.managementAccountId);
  });
});
