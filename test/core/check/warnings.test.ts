import { describe, expect, test } from 'vitest';
import { checkSeverities } from '../../../function/core/check/check.ts';
import type { Report } from '../../../function/core/check/report.ts';
import { draftedRows } from '../../../function/core/severities/drafted-rows.ts';
import { detection, loadedOf, type SeveritiesParts } from '../../support/policies.ts';

const IAM = 'iam.amazonaws.com';
const KNOWN = new Set(['CreateAccessKey', 'CreateUser', 'CreateUsers', 'ListAccessKeys', 'UpdateUser']);

function check(parts: SeveritiesParts): Report[] {
  const { content, upstream, local, examples } = loadedOf(parts);
  const severities = { policyVersion: 'test', ...content };
  const knownNames = (eventSource: string) => (eventSource === IAM ? KNOWN : undefined);
  return checkSeverities({ severities, local, examples, knownNames, today: '2026-11-20' }, upstream);
}

describe('a name AWS does not have', () => {
  test.each([
    ['CreateAcessKey', 'write "CreateAccessKey"'],
    ['CreateAccessKye', 'write "CreateAccessKey"'],
    ['CreateAccesssKey', 'write "CreateAccessKey"'],
    ['UpdateUsar', 'write "UpdateUser"'],
    ['CreateUser_', expect.stringMatching(/^compare/)],
    ['UpdateGroup', expect.stringMatching(/^compare/)],
  ])('%s: %s', (name, advice) => {
    expect(check({ rows: { [IAM]: { [name]: 'low' } } })).toMatchObject([{ level: 'warning', advice }]);
  });

  test('is found in detections and entries, shipped and local; versions and stars are no names of their own', () => {
    const eventNames = ['CreateUser', 'UpdateU*', 'UpdateUser20150331v2', 'Listen*', 'CreateRobot'];
    const local = {
      detections: [detection({ id: 'mine', eventNames: [...eventNames, 'CreateAccessKey'] })],
      policy: {
        whitelist: [{ id: 'w', eventSource: IAM, eventNames, reason: 'x', hides: ['detection:mine'] }],
        adjust: [{ id: 'a', eventSource: 'aim.amazonaws.com', severity: 'low', reason: 'x' }],
        deletions: { unless: [{ id: 'u', eventSource: IAM, eventNames: ['CreateRobot'], reason: 'x' }] },
      },
    };
    const places = check({ local }).map(({ level, file, pointer }) => `${level} ${file}${pointer}`);
    expect(places).toEqual([
      'warning local/detections/mine.json/eventNames/3',
      'warning local/detections/mine.json/eventNames/4',
      'warning local/policy.json/whitelist/0/eventNames/3',
      'warning local/policy.json/whitelist/0/eventNames/4',
      'warning local/policy.json/adjust/0/eventSource',
      'warning local/policy.json/deletions/unless/0/eventNames/0',
    ]);
  });
});

test('a row as it was drafted is a warning until somebody gives it a reason of its own', () => {
  const drafted = draftedRows({ write: 'CreateAccessKey' });
  const [report, ...others] = check({ local: { rows: { [IAM]: drafted } } });
  expect(others).toEqual([]);
  expect(report).toMatchObject({
    level: 'warning',
    file: 'local/services/iam.json',
    pointer: '/events/CreateAccessKey/reason',
    advice: expect.stringContaining('"CreateAccessKey": {"severity":"medium","reason":'),
  });
});

describe('a detection', () => {
  test('that needs records the trail does not have is told once for each kind of record', () => {
    const detections = [
      detection({ id: 'a', requires: ['data:s3'] }),
      detection({ id: 'b', requires: ['data:s3', 'data:lambda'] }),
      detection({ id: 'c' }),
    ];
    expect(check({ detections })).toMatchObject([
      { level: 'warning', file: 'detections/a.json', message: expect.stringMatching(/^a, b: data:s3 is needed/) },
      { level: 'warning', file: 'detections/b.json', message: expect.stringMatching(/^b: data:lambda is needed/) },
    ]);
  });

  test('that counts is nothing to tell: the function counts', () => {
    const count = { atLeast: 5, withinMinutes: 10, by: ['principal', 'sourceIPAddress'] };
    expect(check({ detections: [detection({ count })] })).toEqual([]);
  });
});
