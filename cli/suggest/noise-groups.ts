import type { Policy } from '../../function/core/policy.ts';
import { readRecord } from '../../function/core/record.ts';
import { higher, type Severity } from '../../function/core/severity.ts';
import type { Mention } from '../replay/mention.ts';
import { Ranking } from '../replay/ranking.ts';
import type { ReasonName } from '../replay/reason-name.ts';
import type { Stored } from '../replay/stored.ts';
import { type KnownWork, knownWorkOf, type Unnamed } from './known-work.ts';
import { Narrowing } from './narrowing.ts';

/** What is kept of one finding. */
export type NoisyFinding = Pick<Stored, 'mention' | 'reasons' | 'record' | 'told'>;

/** Findings of one call by one caller in one account with one outcome. */
export interface NoiseGroup extends KnownWork {
  readonly findings: number;
  /** Those of them that were messages of their own, not lines of a digest and not told before. */
  readonly atOnce: number;
  /** Different days in UTC; 60 stand for more. */
  readonly days: number;
  /** The highest that one of them has. */
  readonly severity: Severity;
  /** True when a detection that nothing is to silence spoke for one of them. */
  readonly guarded: boolean;
  /** What spoke for them, the strongest of the first one first; at most twenty. */
  readonly reasons: readonly ReasonName[];
  /** What they all share besides. */
  readonly narrowing: readonly string[];
  /** The latest that came. */
  readonly example: Mention;
}

const MAX_DAYS = 60;
const MAX_REASONS = 20;

interface Noise {
  readonly work: KnownWork;
  readonly narrowing: Narrowing;
  readonly days: Set<string>;
  readonly reasons: Map<string, ReasonName>;
  severity: Severity;
  guarded: boolean;
  example: Mention;
}

/** Findings put together by what an entry could name of them, in bounded memory: ten thousand groups at most. */
export class NoiseGroups {
  /** The severities that rated the findings. */
  readonly policy: Policy;
  findings = 0;
  atOnce = 0;
  /** Findings that no entry could name, by why. */
  readonly unnamed: Record<Unnamed, number> = { root: 0, 'no caller': 0, 'no call': 0 };
  readonly #guardrails: ReadonlySet<string>;
  readonly #noise = new Ranking<Noise>();

  constructor(policy: Policy) {
    this.policy = policy;
    this.#guardrails = new Set(policy.guardrails.entries.map(({ id }) => id));
  }

  /** Takes the next finding; what a comparison stores of records that nobody is told of is passed over. */
  add({ mention, reasons, record: json, told }: NoisyFinding): void {
    if (told === null) return;
    this.findings++;
    if (told === 'at-once') this.atOnce++;
    const read = readRecord(JSON.parse(json));
    if ('unreadable' in read) return;
    const work = knownWorkOf(read);
    if (typeof work === 'string') {
      this.unnamed[work]++;
      return;
    }
    const { of: noise } = this.#noise.count(keyOf(work), told === 'at-once', () => noiseOf(work, mention));
    noise.narrowing.add(read.record);
    if (noise.days.size < MAX_DAYS) noise.days.add(String(read.record['eventTime']).slice(0, 10));
    noise.severity = higher(noise.severity, mention.severity);
    noise.guarded ||= reasons.some(({ by, name }) => by === 'detection' && this.#guardrails.has(name));
    for (const { by, name } of reasons) {
      if (noise.reasons.size < MAX_REASONS) noise.reasons.set(`${by} ${name}`, { by, name });
    }
    noise.example = mention;
  }

  /** False when more groups came than are kept, so that the figures are lower bounds. */
  get isComplete(): boolean {
    return this.#noise.isComplete;
  }

  /** The groups, most messages first, then most findings. */
  groups(): NoiseGroup[] {
    return this.#noise.top().map(({ of, records, published }) => ({
      ...of.work,
      findings: records,
      atOnce: published,
      days: of.days.size,
      severity: of.severity,
      guarded: of.guarded,
      reasons: [...of.reasons.values()],
      narrowing: of.narrowing.conditions(),
      example: of.example,
    }));
  }
}

function keyOf({ eventSource, eventName, account, principal, conditions }: KnownWork): string {
  return JSON.stringify([eventSource, eventName, account, principal, conditions]);
}

function noiseOf(work: KnownWork, example: Mention): Noise {
  return {
    work,
    narrowing: new Narrowing(),
    days: new Set(),
    reasons: new Map(),
    severity: example.severity,
    guarded: false,
    example,
  };
}
