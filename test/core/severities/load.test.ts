import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { loadSeverities } from '../../../function/core/severities/load.ts';
import type { Problem } from '../../../function/core/severities/model.ts';
import { SeveritiesError } from '../../../function/core/severities/problem.ts';
import { filesOf, KMS, POLICY, RELEASE, ROOT_LOGIN } from './folder.ts';

function errorOf(folder: Readonly<Record<string, unknown>>): SeveritiesError {
  try {
    loadSeverities(filesOf(folder));
  } catch (error) {
    if (error instanceof SeveritiesError) return error;
    throw error;
  }
  throw new Error('the folder loads');
}

const problemsOf = (folder: Readonly<Record<string, unknown>>): readonly Problem[] => errorOf(folder).problems;

const WORDS = 'informational, low, medium, high, critical';
const ROW_OR_WORD = 'one of informational, low, medium, or an object with "severity" and "reason"';
const PARTS = 'at least one of eventSource, eventNames, accounts, regions, principals, when';

const kms = (events: unknown) => ({ 'services/kms.json': { ...KMS, events } });
const policy = (part: object) => ({ 'policy.json': { ...POLICY, ...part } });
const entry = (part: object) =>
  policy({ whitelist: [{ id: 'a', reason: 'r', eventSource: 'kms.amazonaws.com', ...part }] });
const detection = (part: object) => ({ 'detections/root-login.json': { ...ROOT_LOGIN, ...part } });
const twice = [POLICY.whitelist[0], { ...POLICY.whitelist[0], severity: undefined }];

describe('loadSeverities refuses', () => {
  it.each<[string, Record<string, unknown>, string, string, string, string]>([
    [
      'text that is not JSON',
      { 'services/kms.json': '{ "eventSource": }' },
      'services/kms.json',
      '/eventSource',
      '} at 1:18',
      'a value',
    ],
    [
      'a key written twice',
      { 'services/kms.json': '{"eventSource":"kms.amazonaws.com","service":"KMS","events":{"A":"low","A":"low"}}' },
      'services/kms.json',
      '/events/A',
      'the same key again at 1:72',
      'each key once (first at 1:62)',
    ],
    [
      'a __proto__ row',
      { 'services/kms.json': '{"eventSource":"kms.amazonaws.com","service":"KMS","events":{"__proto__":"low"}}' },
      'services/kms.json',
      '/events/__proto__',
      'the key __proto__ at 1:62',
      'any other key',
    ],
    [
      'an unknown property',
      { 'services/kms.json': { ...KMS, evnts: {} } },
      'services/kms.json',
      '/evnts',
      'the property "evnts"',
      'one of eventSource, service, events',
    ],
    [
      'an unknown property of a row',
      kms({ A: { severity: 'low', reason: 'r', runbok: '' } }),
      'services/kms.json',
      '/events/A/runbok',
      'the property "runbok"',
      'one of severity, reason, runbook, techniques, overridesDeletion',
    ],
    ['an unknown severity', kms({ A: 'hgih' }), 'services/kms.json', '/events/A', '"hgih"', ROW_OR_WORD],
    [
      'an unknown severity of a row with a reason',
      kms({ A: { severity: 'hgih', reason: 'r' } }),
      'services/kms.json',
      '/events/A/severity',
      '"hgih"',
      `one of ${WORDS}`,
    ],
    [
      'an unknown severity in the policy',
      policy({ alertAt: 'High' }),
      'policy.json',
      '/alertAt',
      '"High"',
      `one of ${WORDS}`,
    ],
    [
      'an unknown cap',
      policy({ failed: { denied: 'keep', other: 'low' } }),
      'policy.json',
      '/failed/denied',
      '"keep"',
      `one of ${WORDS} or same`,
    ],
    [
      'a high row without a reason',
      kms({ A: 'high' }),
      'services/kms.json',
      '/events/A',
      '"high"',
      'an object with "severity" and "reason": a row at high or critical says why',
    ],
    [
      'a row without a reason',
      kms({ A: { severity: 'low' } }),
      'services/kms.json',
      '/events/A/reason',
      'nothing',
      'text',
    ],
    [
      'a row with an empty reason',
      kms({ A: { severity: 'low', reason: ' ' } }),
      'services/kms.json',
      '/events/A/reason',
      '" "',
      'text that is not empty',
    ],
    ['a row of another type', kms({ A: 3 }), 'services/kms.json', '/events/A', '3', ROW_OR_WORD],
    [
      'a wildcard in an event name',
      kms({ 'Get*': 'low' }),
      'services/kms.json',
      '/events/Get*',
      'the key "Get*"',
      'an event name, exact: no * and no space',
    ],
    [
      'a runbook without https',
      kms({ A: { severity: 'low', reason: 'r', runbook: 'wiki' } }),
      'services/kms.json',
      '/events/A/runbook',
      '"wiki"',
      'an https address',
    ],
    [
      'a service file with another name',
      { 'services/keys.json': KMS },
      'services/keys.json',
      '/eventSource',
      '"kms.amazonaws.com"',
      'keys.amazonaws.com, as the file is named',
    ],
    [
      'an eventSource without its domain',
      { 'services/kms.json': { ...KMS, eventSource: 'kms' } },
      'services/kms.json',
      '/eventSource',
      '"kms"',
      'a label followed by .amazonaws.com',
    ],
    [
      'a detection file with another name',
      { 'detections/root.json': ROOT_LOGIN },
      'detections/root.json',
      '/id',
      '"root-login"',
      'root, as the file is named',
    ],
    ['an entry without id', entry({ id: undefined }), 'policy.json', '/whitelist/0/id', 'nothing', 'text'],
    ['an entry without reason', entry({ reason: undefined }), 'policy.json', '/whitelist/0/reason', 'nothing', 'text'],
    [
      'an entry that selects nothing',
      entry({ eventSource: undefined }),
      'policy.json',
      '/whitelist/0',
      '{"id":"a","reason":"r"}',
      PARTS,
    ],
    [
      'an expiry that is no day',
      entry({ expires: '2027-02-30' }),
      'policy.json',
      '/whitelist/0/expires',
      '"2027-02-30"',
      'a day such as 2027-06-30',
    ],
    [
      'an empty list of names',
      entry({ eventNames: [] }),
      'policy.json',
      '/whitelist/0/eventNames',
      '[]',
      'a list of at least 1',
    ],
    [
      'an account id that is none',
      entry({ accounts: ['1234'] }),
      'policy.json',
      '/whitelist/0/accounts/0',
      '"1234"',
      'twelve digits',
    ],
    [
      'an id used twice in the whitelist',
      policy({ whitelist: twice }),
      'policy.json',
      '/whitelist/1/id',
      '"kms-data-keys"',
      'an id used once in this list (first at /whitelist/0/id)',
    ],
    [
      'an id used twice in adjust',
      policy({ adjust: twice.map((one) => ({ ...one, severity: 'low' })) }),
      'policy.json',
      '/adjust/1/id',
      '"kms-data-keys"',
      'an id used once in this list (first at /adjust/0/id)',
    ],
    [
      'an id used twice in unless',
      policy({ deletions: { ...POLICY.deletions, unless: twice } }),
      'policy.json',
      '/deletions/unless/1/id',
      '"kms-data-keys"',
      'an id used once in this list (first at /deletions/unless/0/id)',
    ],
    [
      'an id used twice in local adjust',
      { 'local/policy.json': { adjust: twice.map((one) => ({ ...one, severity: 'low' })) } },
      'local/policy.json',
      '/adjust/1/id',
      '"kms-data-keys"',
      'an id used once in this list (first at /adjust/0/id)',
    ],
    ['a policy without a part', policy({ unlisted: undefined }), 'policy.json', '/unlisted', 'nothing', 'an object'],
    [
      'an override that changes nothing',
      { 'local/detections/root-login.json': { id: 'root-login', override: true, reason: 'r' } },
      'local/detections/root-login.json',
      '',
      '{"id":"root-login","override":true,"reason":"r"}',
      'at least one of severity, stage',
    ],
    [
      'an override that is false',
      { 'local/detections/root-login.json': { id: 'root-login', override: false, stage: 'trial', reason: 'r' } },
      'local/detections/root-login.json',
      '/override',
      'false',
      'true',
    ],
    [
      'an override that ships',
      { 'detections/root-login.json': { ...ROOT_LOGIN, override: true } },
      'detections/root-login.json',
      '/override',
      'the property "override"',
      'one of id, title, severity',
    ],
    [
      'a detection without a negative example',
      detection({ examples: { match: [{}], noMatch: [] } }),
      'detections/root-login.json',
      '/examples/noMatch',
      '[]',
      'a list of at least 1',
    ],
    [
      'an account that is no account id',
      { 'local/accounts.json': { prod: { name: 'prod' } } },
      'local/accounts.json',
      '/prod',
      'the key "prod"',
      'twelve digits',
    ],
    [
      'an account without a name',
      { 'local/accounts.json': { '111122223333': {} } },
      'local/accounts.json',
      '/111122223333/name',
      'nothing',
      'text',
    ],
    ['a value that is no object', { 'services/kms.json': 'null' }, 'services/kms.json', '', 'null', 'an object'],
    [
      'a folder with a wrong name',
      { 'service/s3.json': KMS },
      'service/s3.json',
      '',
      'a file nothing reads',
      'policy.json, services/<label>.json',
    ],
    ['a file with a wrong name', { 'polcy.json': POLICY }, 'polcy.json', '', 'a file nothing reads', 'policy.json'],
    [
      'accounts outside local/',
      { 'accounts.json': {} },
      'accounts.json',
      '',
      'a file nothing reads',
      'local/accounts.json',
    ],
  ])('%s', (_what, changes, file, pointer, found, expected) => {
    const problems = problemsOf({ ...RELEASE, ...changes });
    expect(problems).toEqual([{ file, pointer, found, expected: expect.stringContaining(expected) }]);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['of a detection', detection({ when: '{ $.a = }' }), 'detections/root-login.json', '/when'],
    ['in a list of them', detection({ when: ['{ $.a = 1 }', 'a && b'] }), 'detections/root-login.json', '/when/1'],
    ['of a whitelist entry', entry({ when: '{ $.a ~ 1 }' }), 'policy.json', '/whitelist/0/when'],
    [
      'of a local adjust entry',
      { 'local/policy.json': { adjust: [{ id: 'a', reason: 'r', severity: 'low', when: '$.a = 1' }] } },
      'local/policy.json',
      '/adjust/0/when',
    ],
    [
      'of an unless entry',
      policy({ deletions: { ...POLICY.deletions, unless: [{ id: 'a', reason: 'r', when: '{ ( $.a = 1 }' }] } }),
      'policy.json',
      '/deletions/unless/0/when',
    ],
  ])('a condition %s that does not parse, pointing at it', (_where, changes, file, pointer) => {
    const problems = problemsOf({ ...RELEASE, ...changes });
    expect(problems).toEqual([
      { file, pointer, found: expect.stringMatching(/ at character \d+$/), expected: expect.any(String) },
    ]);
  });

  it.each([['^(Delete'], ['(?=Delete)'], ['(Delete)\\1'], ['(a+)+$']])('the deletion pattern %s', (pattern) => {
    const shipped = problemsOf({ ...RELEASE, ...policy({ deletions: { ...POLICY.deletions, pattern } }) });
    const local = problemsOf({ ...RELEASE, 'local/policy.json': { deletions: { pattern } } });
    expect(shipped).toMatchObject([{ file: 'policy.json', pointer: '/deletions/pattern' }]);
    expect(local).toMatchObject([{ file: 'local/policy.json', pointer: '/deletions/pattern' }]);
  });

  it('a folder without a policy', () => {
    const { 'policy.json': _, ...rest } = RELEASE;
    expect(problemsOf(rest)).toEqual([
      { file: 'policy.json', pointer: '', found: 'no such file', expected: 'the policy' },
    ]);
  });

  it('a file that could not be read, without also calling it missing', () => {
    const unreadable = { found: 'bytes that are not UTF-8', expected: 'UTF-8 text' };
    expect(() => loadSeverities([{ path: 'policy.json', unreadable }])).toThrow(
      /^policy\.json: found bytes that are not UTF-8, expected UTF-8 text$/,
    );
  });

  it('five defects at once, one line each, in order of file', () => {
    const error = errorOf({
      'services/s3.json': KMS,
      'services/kms.json': '{"eventSource":"kms.amazonaws.com","service":"KMS","events":{"A":"low","A":"hgih"}}',
      'policy.json': { ...POLICY, alrtAt: 'low', deletions: { ...POLICY.deletions, pattern: '(' } },
    });
    expect(error.problems.map(({ file, pointer }) => `${file} ${pointer}`)).toEqual([
      'policy.json /deletions/pattern',
      'policy.json /alrtAt',
      'services/kms.json /events/A',
      'services/kms.json /events/A',
      'services/s3.json /eventSource',
    ]);
    expect(error.message.split('\n')).toHaveLength(5);
    expect(error.message).toContain('services/kms.json /events/A: found "hgih", expected one of informational');
    expect(error.code).toBe('invalid_severities');
  });

  it('long and hostile values in few, printable characters', () => {
    const [problem] = problemsOf({ ...RELEASE, ...kms({ A: `\u001b[31m\u202e${'x'.repeat(1000)}` }) });
    expect(problem?.found).toMatch(/^"\\u001b\[31m\\u\{202e\}x+…$/);
    expect(problem?.found).toHaveLength(60);
    expect(errorOf({ ...RELEASE, ...kms({ 'A\u0085\nB': 'low' }) }).message).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe('loadSeverities reads', () => {
  it('a release, with nothing local, in order of name and without $schema', () => {
    const s3 = { eventSource: 's3.amazonaws.com', service: 'Amazon S3', events: {} };
    const { content } = loadSeverities(filesOf({ 'services/s3.json': s3, ...RELEASE }));
    const { $schema: _, ...kmsRows } = KMS;
    const { examples: __, ...rootLogin } = ROOT_LOGIN;
    expect(content).toEqual({ policy: POLICY, services: [kmsRows, s3], detections: [rootLogin], accounts: {} });
  });

  it('a folder without detections, and files it has no business with', () => {
    const { content } = loadSeverities(
      filesOf({ 'policy.json': POLICY, 'README.md': '# Severities', 'catalogue.json': '?' }),
    );
    expect(content.detections).toEqual([]);
  });

  it('the examples of each detection, the local one where it replaces the shipped', () => {
    const examples = { match: [{ local: true }], noMatch: [{}] };
    const { examples: read } = loadSeverities(
      filesOf({ ...RELEASE, 'local/detections/root-login.json': { ...ROOT_LOGIN, examples } }),
    );
    expect(read.get('root-login')).toEqual(examples);
  });

  it('names every object has as ordinary event names and list names', () => {
    const files = filesOf({
      ...RELEASE,
      ...kms({ constructor: 'low', toString: 'medium' }),
      'local/policy.json': { lists: { constructor: ['a'] } },
      'local/services/kms.json': { ...KMS, events: { valueOf: 'low' } },
    });
    const { content } = loadSeverities(files);
    expect(content.services[0]?.events).toEqual({ constructor: 'low', toString: 'medium', valueOf: 'low' });
    expect(content.policy.lists).toEqual({ officeNetworks: ['192.0.2.0/24'], constructor: ['a'] });
  });

  it('$schema in every kind of file', () => {
    const $schema = 'https://example.com/schema.json';
    const files = filesOf({
      'policy.json': { $schema, ...POLICY },
      'local/policy.json': { $schema },
      'local/accounts.json': { $schema, '111122223333': { name: 'prod' } },
      'local/detections/root-login.json': { $schema, id: 'root-login', override: true, stage: 'trial', reason: 'r' },
    });
    expect(loadSeverities(files).content.accounts).toEqual({ '111122223333': { name: 'prod' } });
  });

  test.prop([fc.shuffledSubarray(filesOf(RELEASE), { minLength: 3 })])(
    'files in any order to the same content',
    (files) => {
      expect(loadSeverities(files)).toEqual(loadSeverities(filesOf(RELEASE)));
    },
  );
});

describe('whatever the files hold', () => {
  const path = fc.oneof(
    fc.constantFrom(
      'policy.json',
      'services/kms.json',
      'detections/a.json',
      'local/policy.json',
      'local/accounts.json',
      'local/detections/a.json',
    ),
    fc.string(),
  );
  const key = fc.constantFrom(
    'whitelist',
    'deletions',
    'unless',
    'pattern',
    'when',
    'id',
    'events',
    'override',
    '__proto__',
    'eventSource',
  );
  const shaped = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('', '(a', '{ $.a = }', 'low', null, 1),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    shaped.map((value) => JSON.stringify(value)),
  );

  test.prop([fc.array(fc.record({ path, text }), { maxLength: 4 })])(
    'nothing but a SeveritiesError is thrown',
    (files) => {
      try {
        loadSeverities(files);
      } catch (error) {
        expect(error).toBeInstanceOf(SeveritiesError);
        expect((error as SeveritiesError).problems.length).toBeGreaterThan(0);
      }
    },
  );
});
