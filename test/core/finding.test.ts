import { describe, expect, test } from 'vitest';
import { detection, findingOf, PLACE, type SeveritiesParts } from '../support/policies.ts';
import { ALICE, aggregated, DEPLOYER, insight, record } from '../support/records.ts';

const high = (events: string[]): SeveritiesParts => ({
  rows: {
    'iam.amazonaws.com': Object.fromEntries(events.map((name) => [name, { severity: 'high', reason: 'Lasts.' }])),
  },
  local: { accounts: { '111122223333': { name: 'prod-payments', team: 'payments' } } },
});

describe('a finding', () => {
  test('names the account, the service, the caller, the target and the detections', () => {
    const finding = findingOf(
      { ...high(['CreateAccessKey']), detections: [detection({ id: 'b' }), detection({ id: 'a' })] },
      record(),
    );
    expect(finding).toMatchObject({
      accountId: '111122223333',
      accountName: 'prod-payments',
      serviceName: 'Service iam',
      region: 'us-east-1',
      eventID: '6f1c6a9a-0000-4000-8000-000000000002',
      eventTime: '2026-11-20T02:41:00Z',
      target: { parameter: 'userName', name: 'bob' },
      principal: { name: 'alice', kind: 'IAM user' },
      detections: ['a', 'b'],
      team: ['payments'],
      policyVersion: 'test',
    });
    expect(finding.explanations).toHaveLength(3);
  });

  test('of a bare record lacks what the record lacks', () => {
    const finding = findingOf({}, { eventSource: 'iam.amazonaws.com', eventName: 'DeleteUser' });
    expect(finding).toMatchObject({ what: 'user deleted by an unknown caller', team: ['unclaimed'], links: {} });
    for (const key of [
      'accountId',
      'accountName',
      'serviceName',
      'region',
      'eventID',
      'eventTime',
      'target',
    ] as const) {
      expect(finding[key]).toBeUndefined();
    }
  });

  test.each([
    ['what was done', {}, 'access key created for bob by alice'],
    [
      'who did it in which role',
      { userIdentity: DEPLOYER },
      'access key created for bob by run-42 (role terraform-apply)',
    ],
    ['what was denied', { errorCode: 'AccessDenied' }, 'denied: create access key for bob by alice'],
    ['what failed', { errorCode: 'LimitExceeded' }, 'failed: create access key for bob by alice'],
    ['what was a dry run', { errorCode: 'Client.DryRunOperation' }, 'dry run: create access key for bob by alice'],
    [
      'what was done, without the API version',
      { eventName: 'UpdateThing20150331v2', requestParameters: null },
      'thing updated by alice',
    ],
    ['that the event has no name', { eventName: '', requestParameters: null }, 'an unnamed call called by alice'],
  ])('says %s', (_, parts, what) => {
    expect(findingOf(high([]), record(parts)).what).toBe(what);
  });

  test('takes its headline from the strongest detection, and not when the call failed', () => {
    const parts = { detections: [detection({ title: 'Access key made by hand' })] };
    expect(findingOf(parts, record()).what).toBe('access key made by hand for bob by alice');
    expect(findingOf(parts, record({ errorCode: 'AccessDenied' })).what).toBe(
      'denied: create access key for bob by alice',
    );
  });

  test('of a summary says so', () => {
    expect(findingOf({}, insight()).what).toBe('unusual rate of CreateAccessKey');
    expect(findingOf({}, insight({ insightDetails: null })).what).toBe('unusual rate of an unnamed call');
    expect(findingOf({}, aggregated())).toMatchObject({
      what: 'aggregated data events',
      eventID: '6f1c6a9a-0000-4000-8000-000000000005',
    });
  });

  test('links to its record and to the log', () => {
    const { links } = findingOf({}, record());
    expect(links.event).toContain('#/events/6f1c6a9a-0000-4000-8000-000000000002');
    expect(links.queryByEvent).toContain('filter*20eventID');
    expect(links.queryByPrincipal).toContain('userIdentity*2earn');
  });

  test.each<[string, Record<string, unknown>, object, object]>([
    ['no log group', {}, { place: undefined }, { queryByEvent: undefined, queryByPrincipal: undefined }],
    ['no Region', { awsRegion: undefined }, {}, { event: undefined }],
    ['a Region that is a host', { awsRegion: 'evil.example/' }, {}, { event: undefined }],
    ['no eventID', { eventID: undefined }, {}, { event: undefined, queryByEvent: undefined }],
    ['no eventTime', { eventTime: undefined }, {}, { queryByEvent: undefined, queryByPrincipal: undefined }],
    ['an eventTime at the end of time', { eventTime: '+275760-09-13T00:00:00.000Z' }, {}, { queryByEvent: undefined }],
    ['no caller', { userIdentity: {} }, {}, { queryByPrincipal: undefined }],
    [
      'a log group where there is no console',
      {},
      { place: { ...PLACE, region: 'us-iso-east-1' } },
      { queryByEvent: undefined },
    ],
  ])('has no links where there is %s', (_, parts, context, links) => {
    expect(findingOf({}, record(parts), context).links).toMatchObject(links);
  });

  test('concerns the teams whose interests it meets', () => {
    const teams = [
      { name: 'security', detections: ['access-key-created'] },
      { name: 'network', services: ['ec2.amazonaws.com'] },
    ];
    expect(findingOf({ detections: [detection()] }, record(), { teams }).team).toEqual(['security']);
  });

  test('__proto__ is no account', () => {
    const value = record({ recipientAccountId: '__proto__', userIdentity: ALICE });
    expect(findingOf(high([]), value)).toMatchObject({ accountId: '__proto__', accountName: undefined });
  });
});
