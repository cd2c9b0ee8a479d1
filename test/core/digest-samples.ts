import {
  type Digest,
  type DigestTopic,
  digestWindowOf,
  type HeldBy,
  heldFindingOf,
  heldIdentity,
} from '../../function/core/digest.ts';
import type { Finding } from '../../function/core/finding.ts';
import { detection, findingOf, type SeveritiesParts } from '../support/policies.ts';
import { record } from '../support/records.ts';

export const PARTS: SeveritiesParts = {
  detections: [detection({ nextSteps: ['Ask bob.'] })],
  local: { accounts: { '111122223333': { name: 'prod', team: 'payments' } } },
};

/** The window every sample digest is of. */
export const WINDOW = {
  start: Date.parse('2026-11-20T02:20:00Z'),
  end: Date.parse('2026-11-20T03:20:00Z'),
} as const;

/** A finding whose record differs in these parts. */
export function finding(parts: object = {}, of: SeveritiesParts = PARTS): Finding {
  return findingOf(of, record({ ...parts }));
}

/** What a window holds once these findings were held back in it. */
export function digestOf(
  findings: readonly [Finding, ...Finding[]],
  kind: HeldBy = 'storm',
  topic?: DigestTopic,
): Digest {
  const held = new Map(findings.map((one) => [heldIdentity(one, kind), heldFindingOf(one)]));
  return {
    id: 'window',
    window: digestWindowOf(findings[0], kind, WINDOW, topic),
    count: findings.length,
    held: [...held.values()],
  };
}
