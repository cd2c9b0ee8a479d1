import type { Policy, PolicyDetection } from '../../function/core/policy.ts';
import techniques from './attack-techniques.json' with { type: 'json' };
import type { TacticCoverage, TechniqueCoverage } from './page-data.ts';

/** The tactics of ATT&CK for enterprises, in the order of its matrix. @see https://attack.mitre.org/tactics/enterprise/ */
const TACTICS = [
  ['TA0043', 'reconnaissance', 'Reconnaissance'],
  ['TA0042', 'resource-development', 'Resource development'],
  ['TA0001', 'initial-access', 'Initial access'],
  ['TA0002', 'execution', 'Execution'],
  ['TA0003', 'persistence', 'Persistence'],
  ['TA0004', 'privilege-escalation', 'Privilege escalation'],
  ['TA0005', 'defense-evasion', 'Defense evasion'],
  ['TA0006', 'credential-access', 'Credential access'],
  ['TA0007', 'discovery', 'Discovery'],
  ['TA0008', 'lateral-movement', 'Lateral movement'],
  ['TA0009', 'collection', 'Collection'],
  ['TA0011', 'command-and-control', 'Command and control'],
  ['TA0010', 'exfiltration', 'Exfiltration'],
  ['TA0040', 'impact', 'Impact'],
] as const;

/** Where techniques go that the table does not hold. */
const ELSEWHERE = { key: 'elsewhere', id: '', name: 'Not in the table of techniques' };

const TABLE: ReadonlyMap<string, { readonly name: string; readonly tactics: readonly string[] }> = new Map(
  Object.entries(techniques),
);

/**
 * The name of a technique and the tactics it serves; a sub-technique that is not in the table serves what its parent does.
 * Facts of ATT&CK v18.1: © 2025 The MITRE Corporation, reproduced and distributed with its permission.
 * @see https://attack.mitre.org/resources/legal-and-branding/terms-of-use/
 */
export function techniqueOf(id: string): { readonly name: string | null; readonly tactics: readonly string[] } {
  const own = TABLE.get(id);
  if (own !== undefined) return own;
  return { name: null, tactics: TABLE.get(id.slice(0, 5))?.tactics ?? [ELSEWHERE.key] };
}

/** Findings by technique and by tactic: each finding once for each of them that its reasons name. */
export class FiredTechniques {
  readonly techniques = new Map<string, number>();
  readonly tactics = new Map<string, number>();

  /** Counts a finding. */
  add(reasons: readonly { readonly attack: readonly string[] }[]): void {
    const ids = new Set(reasons.flatMap(({ attack }) => attack));
    for (const id of ids) increase(this.techniques, id);
    for (const key of new Set([...ids].flatMap((id) => techniqueOf(id).tactics))) increase(this.tactics, key);
  }
}

/** What a policy watches of each tactic, and what fired. Tactics of which nothing is known are there, too. */
export function coverageOf(policy: Policy, fired: FiredTechniques): readonly TacticCoverage[] {
  const known = new Map<string, { detections: string[]; rows: number; fired: number }>();
  const at = (id: string) => {
    const there = known.get(id) ?? { detections: [], rows: 0, fired: 0 };
    known.set(id, there);
    return there;
  };
  for (const { id, explanation } of detectionsOf(policy)) {
    for (const technique of explanation.techniques ?? []) at(technique).detections.push(id);
  }
  for (const rows of policy.table.values()) {
    for (const { explanation } of rows.values()) {
      for (const technique of explanation?.techniques ?? []) at(technique).rows++;
    }
  }
  for (const [id, count] of fired.techniques) at(id).fired = count;
  const all = [...known].map(([id, figures]) => ({ id, ...techniqueOf(id), ...figures }));
  const places = [...TACTICS.map(([id, key, name]) => ({ id, key, name })), ELSEWHERE];
  return places.flatMap(({ id, key, name }) => {
    const own = all.filter(({ tactics }) => tactics.includes(key)).sort((a, b) => (a.id < b.id ? -1 : 1));
    if (key === ELSEWHERE.key && own.length === 0) return [];
    return [{ id, name, ...totalsOf(own), fired: fired.tactics.get(key) ?? 0, techniques: own.map(withoutTactics) }];
  });
}

/** Every detection of a policy. */
export function detectionsOf({ detections, counted }: Policy): readonly PolicyDetection[] {
  return [...detections.entries, ...counted.entries];
}

function totalsOf(own: readonly TechniqueCoverage[]): { detections: number; rows: number } {
  return {
    detections: new Set(own.flatMap(({ detections }) => detections)).size,
    rows: own.reduce((sum, { rows }) => sum + rows, 0),
  };
}

function withoutTactics({ id, name, detections, rows, fired }: TechniqueCoverage): TechniqueCoverage {
  return { id, name, detections, rows, fired };
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
