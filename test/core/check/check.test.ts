import { describe, expect, test } from 'vitest';
import { checkSeverities } from '../../../function/core/check/check.ts';
import type { Report } from '../../../function/core/check/report.ts';
import { detection, loadedOf, type SeveritiesParts } from '../../support/policies.ts';

const IAM = 'iam.amazonaws.com';
const KNOWN = new Map([
  [IAM, new Set(['CreateAccessKey', 'CreateUser', 'DeleteUser', 'RemoveThing', 'ListUsers'])],
  ['s3.amazonaws.com', new Set(['DeleteBucket', 'DeleteObject'])],
]);

function check(parts: SeveritiesParts): Report[] {
  const { content, upstream, local, examples } = loadedOf(parts);
  const severities = { policyVersion: 'test', ...content };
  const knownNames = (eventSource: string) => KNOWN.get(eventSource);
  return checkSeverities({ severities, local, examples, knownNames, today: '2026-11-20' }, upstream);
}

const high = { severity: 'high', reason: 'Lasts.' };
const rows = (events: Record<string, unknown>): SeveritiesParts => ({ rows: { [IAM]: events } });

test('severities with nothing wrong give no report', () => {
  const whitelist = [{ id: 'reads', eventSource: IAM, eventNames: ['List*'], reason: 'Noise.', expires: '2026-11-20' }];
  expect(
    check({
      ...rows({ CreateUser: high, DeleteUser: high, ListUsers: 'low' }),
      detections: [detection()],
      policy: { whitelist },
    }),
  ).toEqual([]);
});

test('failures come before warnings', () => {
  const levels = check(rows({ NoSuchCall: 'low', DeleteUser: 'low' })).map(({ level }) => level);
  expect(levels).toEqual(['failure', 'warning']);
});

describe('a row under the deletion pattern', () => {
  const deletions = (...unless: object[]) => ({
    policy: { deletions: { pattern: '^(Delete|Remove)', severity: 'high', unless } },
  });

  test('below its severity takes no effect; the report has the line to write', () => {
    expect(check(rows({ DeleteUser: 'low' }))).toEqual([
      {
        level: 'failure',
        file: 'services/iam.json',
        pointer: '/events/DeleteUser',
        message: 'DeleteUser is rated high by the deletion pattern; a row at low does not lower it',
        advice: '"DeleteUser": {"severity":"low","reason":"why it is no loss","overridesDeletion":true}',
      },
    ]);
  });

  test('keeps its own words in the line to write', () => {
    const row = { severity: 'medium', reason: 'Leavers.', techniques: ['T1531'] };
    const [report] = check({ rows: {}, local: rows({ DeleteUser: row }) });
    expect(report?.file).toBe('local/services/iam.json');
    expect(JSON.parse(`{${report?.advice}}`)).toEqual({ DeleteUser: { ...row, overridesDeletion: true } });
    const [rest] = check({ local: rows(JSON.parse(`{${report?.advice}}`)) });
    expect(rest).toBeUndefined();
  });

  test.each<[string, unknown, object[], boolean]>([
    ['at its severity', high, [], false],
    ['above it', { ...high, severity: 'critical' }, [], false],
    ['that overrides it', { severity: 'low', reason: 'Leavers.', overridesDeletion: true }, [], false],
    ['below it', 'medium', [], true],
    ['spared by an unless entry that names it', 'low', [{ eventNames: ['DeleteUser'] }], false],
    ['spared by an unless entry on its service', 'low', [{ eventSource: IAM, when: '{ $.x = 1 }' }], false],
    ['beside an unless entry on another service', 'low', [{ eventSource: 's3.amazonaws.com' }], true],
    ['beside an unless entry on another name', 'low', [{ eventNames: ['DeleteObject'] }], true],
    [
      'beside an unless entry about callers',
      'low',
      [{ when: '{ $.userIdentity.invokedBy = "autoscaling.amazonaws.com" }' }],
      true,
    ],
    [
      'beside an unless entry about principals',
      'low',
      [{ principals: ['arn:aws:iam::*:role/aws-service-role/*'] }],
      true,
    ],
  ])('%s', (_, row, unless, isReported) => {
    const parts = deletions(...unless.map((entry, index) => ({ id: `u${index}`, reason: 'Normal.', ...entry })));
    expect(check({ ...rows({ DeleteUser: row }), ...parts })).toHaveLength(isReported ? 1 : 0);
  });
});

describe('an entry with a last day', () => {
  const entry = { id: 'old', eventNames: ['ListUsers'], reason: 'Noise.' };
  const policy = (expires: string) => ({
    whitelist: [entry, { ...entry, id: 'white', expires }],
    adjust: [{ ...entry, id: 'adj', severity: 'low', expires }],
    deletions: { pattern: '^Delete', severity: 'high', unless: [{ ...entry, id: 'unl', expires }] },
  });

  test('is reported from the day after, wherever it stands', () => {
    const reports = check({ policy: policy('2026-11-19') });
    expect(reports.map(({ file, pointer, message }) => `${file}${pointer} ${message}`)).toEqual([
      'policy.json/whitelist/1/expires white expired on 2026-11-19',
      'policy.json/adjust/0/expires adj expired on 2026-11-19',
      'policy.json/deletions/unless/0/expires unl expired on 2026-11-19',
    ]);
    expect(check({ policy: policy('2026-11-20') })).toEqual([]);
  });

  test('in local/ is pointed at by its place there', () => {
    const local = {
      policy: {
        whitelist: [{ ...entry, id: 'mine', expires: '2026-01-01' }],
        deletions: { unless: [{ ...entry, id: 'm', expires: '2026-01-01' }] },
      },
    };
    expect(check({ policy: policy('2027-01-01'), local })).toMatchObject([
      { file: 'local/policy.json', pointer: '/whitelist/0/expires' },
      { file: 'local/policy.json', pointer: '/deletions/unless/0/expires' },
    ]);
  });
});

describe('an entry that covers something severe', () => {
  const root = detection({
    id: 'root-key',
    severity: 'critical',
    when: '{ $.userIdentity.type = "Root" }',
    examples: {
      match: [
        {
          eventSource: IAM,
          eventName: 'CreateAccessKey',
          awsRegion: 'us-east-1',
          recipientAccountId: '123456789012',
          userIdentity: { type: 'Root', arn: 'arn:aws:iam::123456789012:root' },
        },
      ],
      noMatch: [{ eventSource: IAM, eventName: 'CreateAccessKey', userIdentity: { type: 'IAMUser' } }],
    },
  });
  const parts = { ...rows({ CreateAccessKey: high, CreateUser: 'medium' }), detections: [root] };
  const white = (entry: object) =>
    check({ ...parts, policy: { whitelist: [{ id: 'e', reason: 'Noise.', ...entry }] } });
  const adjusted = (entry: object) =>
    check({ ...parts, policy: { adjust: [{ id: 'e', reason: 'Noise.', severity: 'low', ...entry }] } });
  const row = `${IAM}/CreateAccessKey`;
  const both = `"hides": ["${row}","detection:root-key"]`.replace('","', '","');

  test('must name it; the report has the line to write', () => {
    expect(white({ eventSource: IAM, eventNames: ['Create*'] })).toEqual([
      {
        level: 'failure',
        file: 'policy.json',
        pointer: '/whitelist/0',
        message: `e covers 2 severe row(s) or detection(s) without naming them: ${row}, detection:root-key`,
        advice: both,
      },
    ]);
    expect(white({ eventSource: IAM, eventNames: ['Create*'], hides: [row, 'detection:root-key'] })).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ['every call of the service', { eventSource: IAM }, [row, 'detection:root-key']],
    ['a whole account', { accounts: ['111122223333'] }, [row, 'detection:root-key']],
    ['a Region', { eventNames: ['CreateAccessKey'], regions: ['eu-central-1'] }, [row, 'detection:root-key']],
    ['until one day', { eventNames: ['CreateAccessKey'], expires: '2026-12-01' }, [row, 'detection:root-key']],
    ['another service', { eventSource: 's3.amazonaws.com' }, []],
    ['a row that is not severe', { eventNames: ['CreateUser'] }, []],
    [
      'callers the detection’s examples are not of',
      { eventNames: ['CreateAccessKey'], principals: ['arn:aws:iam::*:role/ops'] },
      [row],
    ],
    [
      'callers an example is of',
      { eventNames: ['CreateAccessKey'], principals: ['arn:aws:iam::*:root'] },
      [row, 'detection:root-key'],
    ],
    [
      'callers an example is of, by a condition',
      { when: '{ $.userIdentity.type = "Root" }' },
      [row, 'detection:root-key'],
    ],
    [
      'a condition no example meets',
      { eventNames: ['CreateAccessKey'], when: '{ $.userIdentity.type != "Root" }' },
      [row],
    ],
  ])('by %s', (_, entry, missing) => {
    const [report] = white(entry);
    expect(report?.advice).toBe(missing.length > 0 ? `"hides": ${JSON.stringify(missing)}` : undefined);
  });

  test('by a name the detection has only as part of a pattern', () => {
    const wide = detection({ eventNames: ['Create*Key'] });
    const whitelist = [{ id: 'e', reason: 'Noise.', eventNames: ['CreateSshKey'] }];
    expect(check({ detections: [wide], policy: { whitelist } })).toMatchObject([
      { advice: '"hides": ["detection:access-key-created"]' },
    ]);
  });

  test('a detection of every call is covered by the names its examples have; one that guards, by any', () => {
    const at = (eventName: string, guardrail: boolean) => {
      const every = detection({
        eventSource: undefined,
        eventNames: undefined,
        when: '{ $.eventName = "Create*" }',
        guardrail,
      });
      const whitelist = [{ id: 'e', reason: 'Noise.', eventNames: [eventName] }];
      return check({ detections: [every], policy: { whitelist } });
    };
    expect(at('CreateAccessKey', false)).toMatchObject([{ pointer: '/whitelist/0' }]);
    expect(at('ListUsers', false)).toEqual([]);
    expect(at('ListUsers', true)).toMatchObject([{ pointer: '/whitelist/0' }]);
  });

  test('a guardrail is severe at any severity', () => {
    const whitelist = [{ id: 'e', reason: 'Noise.', eventNames: ['CreateAccessKey'] }];
    const at = (guardrail: boolean) =>
      check({ detections: [detection({ severity: 'low', guardrail })], policy: { whitelist } });
    expect(at(true)).toHaveLength(1);
    expect(at(false)).toHaveLength(0);
  });

  test.each<[string, object, number]>([
    ['lowering', { eventSource: IAM }, 1],
    ['raising', { eventSource: IAM, severity: 'critical', raise: true }, 0],
    ['capping where nothing is lowered', { eventSource: IAM, severity: 'critical' }, 0],
  ])('by %s', (_, entry, count) => {
    expect(adjusted(entry)).toHaveLength(count);
  });

  test('by capping names only what it lowers', () => {
    expect(adjusted({ eventSource: IAM, severity: 'high' })).toMatchObject([
      { pointer: '/adjust/0', advice: '"hides": ["detection:root-key"]' },
    ]);
  });

  test('may name what it covers for some callers alone: a guardrail asks for that', () => {
    const hides = ['detection:root-key'];
    const principals = ['arn:aws:iam::*:role/keeper'];
    expect(white({ eventSource: IAM, eventNames: ['CreateAccessKey'], principals, hides: [...hides, row] })).toEqual(
      [],
    );
    expect(white({ eventSource: 's3.amazonaws.com', principals, hides })).toMatchObject([
      { message: 'e names detection:root-key, which it does not cover' },
    ]);
  });

  test('names in `hides` that it does not cover are reported', () => {
    const hides = [row, 'detection:root-key', 'detection:gone', `${IAM}/CreateUser`];
    expect(white({ eventSource: IAM, hides })).toMatchObject([
      { pointer: '/whitelist/0/hides', message: 'e names detection:gone, which it does not cover' },
      { pointer: '/whitelist/0/hides', message: `e names ${IAM}/CreateUser, which it does not cover` },
    ]);
  });

  test('in local/ is pointed at there', () => {
    const local = { policy: { whitelist: [{ id: 'mine', reason: 'Noise.', eventSource: IAM }] } };
    const whitelist = [{ id: 'theirs', reason: 'Noise.', eventNames: ['ListUsers'] }];
    expect(check({ ...parts, policy: { whitelist }, local })).toMatchObject([
      { file: 'local/policy.json', pointer: '/whitelist/0' },
    ]);
  });
});

describe('an example', () => {
  const example = (eventName: unknown) => ({ eventSource: IAM, eventName });
  const examples = (match: unknown[], noMatch: unknown[]) => detection({ examples: { match, noMatch } });

  test.each<[string, object, string, string]>([
    [
      'to match that does not',
      examples([example('CreateAccessKey'), example('CreateUser')], [example('CreateUser')]),
      '/examples/match/1',
      'the example does not match',
    ],
    [
      'not to match that does',
      examples([example('CreateAccessKey')], [example('CreateAccessKey')]),
      '/examples/noMatch/0',
      'the example matches',
    ],
    [
      'that is no record',
      examples([example('CreateAccessKey')], [{ eventName: 'x' }]),
      '/examples/noMatch/0',
      'the example is no CloudTrail record: no string eventSource',
    ],
  ])('%s', (_, of, pointer, message) => {
    expect(check({ detections: [of as never] })).toMatchObject([
      { file: 'detections/access-key-created.json', pointer, message },
    ]);
    expect(check({ local: { detections: [of as never] } })).toMatchObject([
      { file: 'local/detections/access-key-created.json', pointer },
    ]);
  });

  test('of a detection with a local override is where the detection is', () => {
    const wrong = examples([example('CreateUser')], [example('CreateUser')]);
    const override = { id: 'access-key-created', override: true, severity: 'low', reason: 'Here.' };
    expect(check({ detections: [wrong], local: { detections: [override] } })).toMatchObject([
      { file: 'detections/access-key-created.json' },
    ]);
  });
});

describe('a local edit', () => {
  test.each<[string, SeveritiesParts['local'], string, string]>([
    [
      'a row like the shipped one',
      { rows: { [IAM]: { CreateUser: high } } },
      'local/services/iam.json',
      '/events/CreateUser',
    ],
    ['a detection like the shipped one', { detections: [detection()] }, 'local/detections/access-key-created.json', ''],
    [
      'an override of nothing',
      { detections: [{ id: 'gone', override: true, severity: 'low', reason: 'Here.' }] },
      'local/detections/gone.json',
      '/id',
    ],
    [
      'an override to the same',
      { detections: [{ id: 'access-key-created', override: true, severity: 'high', reason: 'Here.' }] },
      'local/detections/access-key-created.json',
      '/severity',
    ],
  ])('that changes nothing is reported: %s', (_, local, file, pointer) => {
    const shipped = rows({ CreateUser: high });
    const parts =
      'detections' in (local ?? {}) && local?.detections?.[0]?.['id'] === 'gone'
        ? shipped
        : { ...shipped, detections: [detection()] };
    expect(check({ ...parts, ...(local && { local }) })).toMatchObject([
      { level: 'failure', file, pointer, advice: 'remove it: it changes nothing' },
    ]);
  });

  test('that changes something is not', () => {
    const local = {
      rows: { [IAM]: { CreateUser: 'low' } },
      detections: [{ id: 'access-key-created', override: true, stage: 'trial', reason: 'Here.' }],
    };
    expect(check({ ...rows({ CreateUser: high }), detections: [detection()], local })).toEqual([]);
  });
});

describe('a name AWS does not have', () => {
  test('is a warning, with the name that was meant where only letters’ case differs', () => {
    expect(check(rows({ createUser: 'low', CreateRobot: 'low' }))).toMatchObject([
      {
        level: 'warning',
        file: 'services/iam.json',
        pointer: '/events/createUser',
        message: `no ${IAM}/createUser in the catalogue`,
        advice: 'write "CreateUser"',
      },
      {
        level: 'warning',
        pointer: '/events/CreateRobot',
        advice: 'compare with a record; a name AWS never writes matches nothing',
      },
    ]);
  });

  test('is one warning for a whole service', () => {
    expect(check({ local: { rows: { 'aim.amazonaws.com': { CreateUser: 'low', ListUsers: 'low' } } } })).toMatchObject([
      {
        level: 'warning',
        file: 'local/services/aim.json',
        pointer: '/eventSource',
        message: 'no aim.amazonaws.com in the catalogue',
      },
    ]);
  });

  test('is found in the file that has it, whatever it is called', () => {
    const local = { rows: { [IAM]: { CreateUser: 'low' } } };
    expect(check({ ...rows({ constructor: 'low', 'a/b~c': 'low' }), local })).toMatchObject([
      { file: 'services/iam.json', pointer: '/events/constructor' },
      { file: 'services/iam.json', pointer: '/events/a~1b~0c' },
    ]);
    expect(check({ ...rows({ CreateUser: high }), local: rows({ CreateRobot: 'low' }) })).toMatchObject([
      { file: 'local/services/iam.json' },
    ]);
  });
});
