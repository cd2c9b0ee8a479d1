import { describe, expect, it } from 'vitest';
import { type Loaded, loadSeverities } from '../../../function/core/severities/load.ts';
import { staleEdits } from '../../../function/core/severities/merge.ts';
import { filesOf, KMS, POLICY, RELEASE, ROOT_LOGIN } from './folder.ts';

const load = (...folders: Readonly<Record<string, unknown>>[]): Loaded =>
  loadSeverities(filesOf(Object.assign({}, ...folders)));
const stale = (...folders: Readonly<Record<string, unknown>>[]) => {
  const { upstream, local } = load(...folders);
  return staleEdits(upstream, local);
};

const rotated = { severity: 'low', reason: 'Rotated by the pipeline.' };
const vault = { id: 'vault', principals: ['arn:aws:iam::*:role/vault'], reason: 'The vault uses its own keys.' };
const breakGlass = { ...ROOT_LOGIN, id: 'break-glass', title: 'Break-glass role used', severity: 'high' };

const LOCAL = {
  'local/services/kms.json': {
    eventSource: 'kms.amazonaws.com',
    service: 'Keys',
    events: { DisableKey: rotated, NewThing: 'medium' },
  },
  'local/services/internal.json': { eventSource: 'internal.amazonaws.com', service: 'Ours', events: { Reboot: 'low' } },
  'local/policy.json': {
    alertAt: 'critical',
    whitelist: [vault],
    adjust: [{ ...vault, severity: 'low' }],
    deletions: { pattern: '^(Delete|Destroy)', unless: [vault] },
    failed: { other: 'informational' },
    unlisted: { service: 'medium' },
    lists: { officeNetworks: ['198.51.100.0/24'], partners: ['203.0.113.0/24'] },
  },
  'local/detections/root-login.json': {
    id: 'root-login',
    override: true,
    severity: 'high',
    reason: 'Drilled every week.',
  },
  'local/detections/break-glass.json': breakGlass,
  'local/accounts.json': { '111122223333': { name: 'prod-payments', team: 'payments' } },
};

/** A later release: rows, entries and detections are added, changed and gone, also under the user's edits. */
const NEXT_RELEASE = {
  'policy.json': {
    ...POLICY,
    alertAt: 'medium',
    whitelist: [...POLICY.whitelist, { ...vault, reason: 'Shipped now, under the id the user had taken.' }],
    deletions: { ...POLICY.deletions, pattern: '^(Delete|Remove|Revoke)', severity: 'critical', unless: [] },
    unlisted: { service: 'high', event: 'high', readOnlyEvent: 'low', insight: 'high' },
    lists: { officeNetworks: ['192.0.2.128/25'], torExits: [] },
  },
  'services/kms.json': {
    eventSource: 'kms.amazonaws.com',
    service: 'AWS Key Management Service',
    events: {
      DisableKey: { severity: 'critical', reason: 'Worse than we thought.' },
      ScheduleKeyDeletion: { severity: 'high', reason: 'Gone.' },
    },
  },
  'services/internal.json': {
    eventSource: 'internal.amazonaws.com',
    service: 'Not theirs any more',
    events: { Reboot: 'medium', Stop: 'low' },
  },
  'detections/root-login.json': { ...ROOT_LOGIN, severity: 'critical', title: 'Root signed in to the console' },
};

describe('local edits on a release', () => {
  it.each([
    ['this release', RELEASE],
    ['a later one that changed what they edit', NEXT_RELEASE],
    ['one that dropped everything they edit', { 'policy.json': POLICY }],
  ])('are all in effect on %s', (_which, release) => {
    const { content, upstream } = load(release, LOCAL);
    const { policy } = content;
    const eventsOf = (source: string) => content.services.find(({ eventSource }) => eventSource === source)?.events;
    expect(eventsOf('kms.amazonaws.com')).toMatchObject({ DisableKey: rotated, NewThing: 'medium' });
    expect(eventsOf('internal.amazonaws.com')).toMatchObject({ Reboot: 'low' });
    expect(policy.alertAt).toBe('critical');
    expect(policy.logAt).toBe(upstream.policy.logAt);
    expect(policy.whitelist).toEqual([...upstream.policy.whitelist, vault]);
    expect(policy.adjust).toEqual([{ ...vault, severity: 'low' }]);
    expect(policy.deletions).toEqual({
      pattern: '^(Delete|Destroy)',
      severity: upstream.policy.deletions.severity,
      unless: [...upstream.policy.deletions.unless, vault],
    });
    expect(policy.failed).toEqual({ denied: 'same', other: 'informational' });
    expect(policy.unlisted).toEqual({ ...upstream.policy.unlisted, service: 'medium' });
    expect(policy.lists['officeNetworks']).toEqual([
      ...(upstream.policy.lists['officeNetworks'] ?? []),
      '198.51.100.0/24',
    ]);
    expect(policy.lists['partners']).toEqual(['203.0.113.0/24']);
    expect(content.detections.find(({ id }) => id === 'break-glass')?.severity).toBe('high');
    expect(content.accounts).toEqual(LOCAL['local/accounts.json']);
  });

  it('leave the rest of a service and of a detection to the release', () => {
    const { content } = load(NEXT_RELEASE, LOCAL);
    const kms = content.services.find(({ service }) => service === 'Keys');
    expect(kms?.events['ScheduleKeyDeletion']).toEqual({ severity: 'high', reason: 'Gone.' });
    expect(content.detections.find(({ id }) => id === 'root-login')).toMatchObject({
      severity: 'high',
      title: 'Root signed in to the console',
      reason: ROOT_LOGIN.reason,
    });
  });

  it('replace a whole detection of the same id', () => {
    const mine = { ...ROOT_LOGIN, title: 'Ours', eventNames: ['CheckMfa'] };
    const { content } = load(RELEASE, { 'local/detections/root-login.json': mine });
    expect(content.detections).toMatchObject([{ title: 'Ours', eventNames: ['CheckMfa'] }]);
  });

  it('may put a detection on trial', () => {
    const { content } = load(RELEASE, {
      'local/detections/root-login.json': { id: 'root-login', override: true, stage: 'trial', reason: 'Noisy here.' },
    });
    expect(content.detections).toMatchObject([{ stage: 'trial', severity: 'critical' }]);
  });
});

describe('staleEdits', () => {
  it('is empty while every edit differs', () => {
    expect(stale(RELEASE, LOCAL)).toEqual([]);
  });

  it('names a row equal to the shipped one, whatever the order of its keys', () => {
    const { severity, reason } = KMS.events.DisableKey;
    const events = { DisableKey: { reason, severity }, 'a/b': 'low', Decrypt: 'low' };
    const shipped = { ...RELEASE, 'services/kms.json': { ...KMS, events: { ...KMS.events, 'a/b': 'low' } } };
    expect(stale(shipped, { 'local/services/kms.json': { ...KMS, events } })).toMatchObject([
      { file: 'local/services/kms.json', pointer: '/events/DisableKey' },
      {
        file: 'local/services/kms.json',
        pointer: '/events/a~1b',
        found: '"low"',
        expected: 'a row that differs from the shipped one',
      },
    ]);
  });

  it('names an override of a detection that is not there', () => {
    expect(stale({ 'policy.json': POLICY }, LOCAL)).toEqual([
      {
        file: 'local/detections/root-login.json',
        pointer: '/id',
        found: '"root-login"',
        expected: 'the id of a shipped detection',
      },
    ]);
  });

  it('names each overridden property that already is so, a missing stage being live', () => {
    const override = { id: 'root-login', override: true, severity: 'critical', stage: 'live', reason: 'r' };
    expect(stale(RELEASE, { 'local/detections/root-login.json': override })).toMatchObject([
      { pointer: '/severity', found: '"critical"' },
      { pointer: '/stage', found: '"live"' },
    ]);
  });

  it('names a detection copied and never changed', () => {
    expect(stale(RELEASE, { 'local/detections/root-login.json': ROOT_LOGIN })).toMatchObject([
      { file: 'local/detections/root-login.json', pointer: '' },
    ]);
  });
});
