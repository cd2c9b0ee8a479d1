import { createHash } from 'node:crypto';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { classify } from '../../function/core/classify.ts';
import { digestWindowOf, heldFindingOf, heldIdentity } from '../../function/core/digest.ts';
import { buildFinding, type Finding } from '../../function/core/finding.ts';
import { readRecord } from '../../function/core/record.ts';
import { renderDigest } from '../../function/core/render/digest.ts';
import { decide, STORM_SETTINGS, type StormDecision } from '../../function/core/storm.ts';
import { stormItemOf, stormKey } from '../../function/core/storm-key.ts';
import { readStormState, type StormState } from '../../function/core/storm-state.ts';
import { detection, policyOf } from '../support/policies.ts';
import { ACCOUNT, DEPLOYER, record } from '../support/records.ts';
import { WINDOW } from './digest-samples.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const POLICY = policyOf({ detections: [detection()] });

function findingOf(parts: object, index: number): Finding {
  const read = readRecord(record({ eventID: `event-${index}`, ...parts }));
  if ('unreadable' in read) throw new Error(read.unreadable);
  const verdict = classify(POLICY, read);
  if (verdict.verdict !== 'rated') throw new Error('not rated');
  const place = { region: 'us-east-1', logGroup: '/aws/cloudtrail/main' };
  return buildFinding(POLICY, read, verdict, { dedupKey: `event-${index}`, place, teams: [] });
}

/** Decides the findings of one storm piece by piece, as invocations do. */
function decidedIn(pieces: readonly (readonly Finding[])[]): readonly (readonly [Finding, StormDecision])[] {
  let state: StormState | undefined;
  return pieces.flatMap((piece) => {
    const decided = decide(state, piece.map(stormItemOf), STORM_SETTINGS, hash);
    state = readStormState(JSON.stringify(decided.state));
    return piece.map((finding, index) => [finding, decided.decisions[index] ?? 'hold'] as const);
  });
}

/** One name in many spellings that a reader, a database or an AWS service may take for one. */
const spelling = fc
  .record({
    name: fc.constantFrom('Bob', 'bob', 'BOB', 'b\u043eb', 'bo\u0301b', 'b\u00f3b', 'bob\u200b', ' bob', 'bob\u202e'),
    padding: fc.constantFrom('', '', 'x'.repeat(300), 'y'.repeat(5_000)),
    end: fc.nat({ max: 40 }),
  })
  .map(({ name, padding, end }) => `${name}${padding}${end}`);

const session = fc.nat().map((run) => ({
  ...DEPLOYER,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/terraform-apply/run-${run}`,
  principalId: `AROAEXAMPLEDEPLOY:run-${run}`,
}));
const anyone = fc.nat({ max: 120 }).map((user) => ({ type: 'IAMUser', userName: `user-${user}` }));

const storm = (callers: fc.Arbitrary<object>) =>
  fc.array(
    fc.record({
      userIdentity: callers,
      requestParameters: spelling.map((userName) => ({ userName })),
      errorCode: fc.constantFrom(undefined, undefined, 'AccessDenied'),
    }),
    { minLength: 50, maxLength: 250, size: 'max' },
  );

const inOrderOf = <T>(items: readonly T[], seed: number) =>
  items
    .map((item, index) => ({ item, rank: hash(`${seed} ${index}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ item }) => item);

function inPieces<T>(items: readonly T[], cuts: readonly number[]): T[][] {
  const ends = [...cuts.map((cut) => cut % (items.length + 1)), items.length].sort((a, b) => a - b);
  return ends.map((end, index) => items.slice(ends[index - 1] ?? 0, end));
}

describe('a storm of evasive names', () => {
  test.prop([storm(fc.oneof(session, anyone)), fc.array(fc.nat(), { maxLength: 6 }), fc.nat()], { numRuns: 25 })(
    'publishes or names in its digest every finding and every target, in whatever order and invocations they come',
    (calls, cuts, seed) => {
      const findings = calls.map(findingOf);
      expect(new Set(findings.map(stormKey)).size).toBe(1);
      const decided = decidedIn(inPieces(inOrderOf(findings, seed), cuts));
      expect(new Set(decided.map(([{ dedupKey }]) => dedupKey)).size).toBe(findings.length);

      const held = decided.flatMap(([finding, decision]) => (decision === 'hold' ? [finding] : []));
      const [first] = held;
      if (first === undefined) return;
      const rows = new Map(held.map((finding) => [heldIdentity(finding, 'storm'), heldFindingOf(finding)]));
      const window = digestWindowOf(first, 'storm', WINDOW);
      const digest = { id: 'window', window, count: held.length, held: [...rows.values()] };
      const documents = renderDigest(digest, 'findings').map(({ Message }) => JSON.parse(Message));
      const named: { eventID: string }[] = documents.flatMap((document) => document.held);
      const mail = renderDigest(digest, 'alerts')
        .map(({ Message }) => Message)
        .join('');
      expect(documents[0].count).toBe(held.length);

      const eventIDs = new Set(named.map(({ eventID }) => eventID));
      for (const finding of held) {
        const row = rows.get(heldIdentity(finding, 'storm'));
        expect(eventIDs).toContain(row?.eventID);
        expect(mail).toContain(`event ${row?.eventID})`);
        expect(row?.target.startsWith(`userName: ${finding.target?.name.slice(0, 400)}`)).toBe(true);
      }
      expect(named).toHaveLength(new Set(held.map((finding) => heldIdentity(finding, 'storm'))).size);
    },
  );

  test.prop([storm(session), fc.nat()], { numRuns: 25 })(
    'is heard of some ten times when one role renames its sessions and targets, not once a name',
    (calls, seed) => {
      const decided = decidedIn([inOrderOf(calls.map(findingOf), seed)]);
      const published = decided.filter(([, decision]) => decision === 'publish').length;
      // The first, a call refused or gone through, five further targets, the 10th and the 100th.
      expect(published).toBeLessThanOrEqual(1 + 1 + STORM_SETTINGS.furtherTargets + 2);
    },
  );
});
