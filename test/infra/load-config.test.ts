import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrailbellError } from '../../function/core/errors.ts';
import { configSchemaText, unexplainedSettings } from '../../infra/config-schema.ts';
import { CONFIG_WORDS } from '../../infra/config-words.ts';
import { ConfigError, loadConfig } from '../../infra/load-config.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const MAIL = { subscriptions: [{ protocol: 'email', endpoint: 'security@example.com' }] };
const LEAST = {
  allowedAccountIds: ['111122223333'],
  region: 'eu-central-1',
  state: { backend: 'local' },
  trail: 'create',
  catchAll: MAIL,
  operations: MAIL,
};

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'config-'));
  await mkdir(join(root, 'infra'));
});

afterEach(() => rm(root, { recursive: true }));

async function write(file: string, content: unknown): Promise<void> {
  await writeFile(join(root, 'infra', file), typeof content === 'string' ? content : JSON.stringify(content));
}

function problems(): ConfigError['problems'] {
  try {
    loadConfig(root);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('fills in the safe defaults', async () => {
    await write('config.json', LEAST);
    const { config, file, isExample } = loadConfig(root);
    expect({ file, isExample }).toEqual({ file: 'infra/config.json', isExample: false });
    expect(config).toMatchObject({
      name: 'trailbell',
      delivery: 'direct',
      pushdown: false,
      destroyData: false,
      metricAlarms: { cis: false, extended: false },
      function: { memoryMb: 512, includeRecord: true },
    });
  });

  it('takes the shipped example where there is no configuration, and tells', async () => {
    await write('config.example.json', LEAST);
    expect(loadConfig(root)).toMatchObject({ file: 'infra/config.example.json', isExample: true });
  });

  it('does not fall back to the example when the configuration is broken', async () => {
    await write('config.example.json', LEAST);
    await write('config.json', '{');
    expect(problems()).toMatchObject([{ file: 'infra/config.json' }]);
  });

  it('says what is missing when there is neither', () => {
    expect(problems()).toMatchObject([
      { found: 'no such file', expected: expect.stringContaining('config.example.json') },
    ]);
  });

  it('says that a configuration cannot be read', async () => {
    await mkdir(join(root, 'infra', 'config.json'));
    expect(problems()).toMatchObject([{ file: 'infra/config.json', found: 'EISDIR' }]);
  });

  it('takes a file that begins with the mark some editors write', async () => {
    await write('config.json', `\ufeff${JSON.stringify(LEAST)}`);
    expect(problems()).toEqual([]);
  });

  it.each([
    ['a comma too many', '{\n  "name": "trailbell",\n}', '} at 3:1'],
    ['a key written twice', '{ "region": "eu-central-1",\n  "region": "eu-west-1" }', 'the same key again at 2:3'],
    ['nothing', '', 'the end of the file at 1:1'],
  ])('places %s by line and column', async (_, text, found) => {
    await write('config.json', text);
    expect(problems()).toMatchObject([{ found }]);
  });

  it('lists every problem with path, found and expected, in one error', async () => {
    const { operations: _, ...rest } = LEAST;
    const wrong = {
      ...rest,
      allowedAccountIds: ['42'],
      region: 'Frankfurt',
      trail: 'use',
      teams: [{ name: 'payments', minimumSeverity: 'loud' }],
      existingTopics: { alerts: 'arn:aws:sns:eu-central-1:111122223333:alerts.fifo' },
      colour: 'red',
    };
    await write('config.json', wrong);
    const found = Object.fromEntries(problems().map((problem) => [problem.pointer, problem]));
    expect(Object.keys(found).sort()).toEqual([
      '/allowedAccountIds/0',
      '/colour',
      '/existingTopics/alerts',
      '/operations',
      '/region',
      '/teams/0/minimumSeverity',
      '/trail',
    ]);
    expect(found['/region']).toMatchObject({ found: '"Frankfurt"', expected: 'a Region such as eu-central-1' });
    expect(found['/existingTopics/alerts']?.expected).toContain('FIFO topics reach no mail');
    expect(found['/operations']?.found).toBe('nothing');
  });

  it.each(['trailbell', 'abc', 'a1-b2', 'a'.repeat(32)])('takes the name %s', async (name) => {
    await write('config.json', { ...LEAST, name });
    expect(loadConfig(root).config.name).toBe(name);
  });

  it.each(['ab', 'a'.repeat(33), 'trailbell-', '-trailbell', 'trail--bell', '1trail', 'Trail', 'trail.bell'])(
    'refuses the name %s: CloudTrail takes none such for a trail, or a service beside it does not',
    async (name) => {
      await write('config.json', { ...LEAST, name });
      expect(problems()).toMatchObject([{ pointer: '/name', expected: expect.stringContaining('3 to 32') }]);
    },
  );

  it.each([
    ['sqs', 'arn:aws:sqs:eu-central-1:111122223333:findings.fifo', 'FIFO'],
    ['sqs', 'https://sqs.eu-central-1.amazonaws.com/111122223333/findings', 'ARN'],
    ['lambda', 'arn:aws:lambda:eu-central-1:111122223333:layer:page', 'ARN of a function'],
  ])('refuses the %s endpoint %s, to which SNS could not deliver', async (protocol, endpoint, expected) => {
    await write('config.json', { ...LEAST, operations: { subscriptions: [{ protocol, endpoint }] } });
    expect(problems()).toMatchObject([{ expected: expect.stringContaining(expected) }]);
  });

  const logGroupArn = 'arn:aws:logs:eu-central-1:111122223333:log-group:trail:*';
  it.each([
    ['/trail', { trail: { logGroupName: logGroupArn } }],
    ['/trailOptions/existingBucket', { trailOptions: { existingBucket: 'arn:aws:s3:::example' } }],
    ['/existingDataKeyArn', { existingDataKeyArn: 'arn:aws:kms:eu-central-1:111122223333:alias/data' }],
    ['/tags', { tags: { 'AWS:cost': 'x' } }],
    ['/tags/owner', { tags: { owner: 'x'.repeat(257) } }],
  ])('refuses at %s what AWS would refuse only after half of the stack is there', async (pointer, wrong) => {
    await write('config.json', { ...LEAST, ...wrong });
    expect(problems().map((problem) => problem.pointer)).toEqual([expect.stringContaining(pointer)]);
  });

  it.each([
    ['/storm/windowMinutes', { storm: { windowMinutes: 4 } }, '4', 'at least 5'],
    ['/storm/windowMinutes', { storm: { windowMinutes: 1441 } }, '1441', 'at most 1440'],
    ['/storm/windowMinutes', { storm: { windowMinutes: 7.5 } }, '7.5', 'whole number'],
    ['/storm/messagesPerMinute', { storm: { messagesPerMinute: 9 } }, '9', 'at least 10'],
    ['/storm/messagesPerMinute', { storm: { messagesPerMinute: '60' } }, '"60"', 'number'],
    ['/storm/perMinute', { storm: { perMinute: 60 } }, 'the property "perMinute"', 'messagesPerMinute'],
    ['/ledger', { ledger: 'off' }, '"off"', 'true or false'],
  ])('refuses at %s what the functions would not start with: %j', async (pointer, wrong, found, expected) => {
    await write('config.json', { ...LEAST, ...wrong });
    expect(problems()).toMatchObject([{ pointer, found, expected: expect.stringContaining(expected) }]);
  });

  it('throws what the command line prints as a sentence, one line a problem', async () => {
    await write('config.json', { ...LEAST, region: 'x', trail: 7 });
    expect(() => loadConfig(root)).toThrow(TrailbellError);
    expect(() => loadConfig(root)).toThrow(
      /^infra\/config\.json \/region: found "x", .*\ninfra\/config\.json \/trail: found 7, /,
    );
  });

  it.each(['allowedAccountIds', 'region', 'state', 'trail', 'catchAll', 'operations'])(
    'has no default for %s: it costs money, or somebody must be told',
    async (setting) => {
      await write('config.json', { ...LEAST, [setting]: undefined });
      expect(problems()).toMatchObject([{ pointer: `/${setting}`, found: 'nothing' }]);
    },
  );
});

describe('the schema for editors', () => {
  it('is the one infra/config.schema.json holds; `npx vitest run -u` writes it anew', async () => {
    await expect(configSchemaText()).toMatchFileSnapshot(join(ROOT, 'infra', 'config.schema.json'));
  });

  it('explains every setting, and none that is not there', () => {
    expect(unexplainedSettings()).toEqual([]);
    const schema = configSchemaText();
    for (const words of Object.values(CONFIG_WORDS)) expect(schema).toContain(JSON.stringify(words));
  });
});
