import type { Severity } from '../../function/core/severity.ts';
import type { ComparisonReport } from '../replay/comparison.ts';
import type { Report } from '../replay/report.ts';
import type { Told } from '../replay/stored.ts';

/** What gave a severity, as the page tells of it; texts of the policy, neutralised. */
export interface Explained {
  readonly title: string | null;
  readonly why: string | null;
  readonly nextSteps: readonly string[];
  readonly techniques: readonly string[];
  readonly runbook: string | null;
}

/** Findings that one reason gave, by what storm control made of them. */
export type ReasonFigures = Readonly<Record<Told, number>> & {
  readonly reason: string;
  /** The highest that it gave. */
  readonly severity: Severity;
  readonly findings: number;
  readonly guardrail: boolean;
};

/** One ATT&CK technique of a tactic: who would notice it, and how many findings told of it. */
export interface TechniqueCoverage {
  readonly id: string;
  readonly name: string | null;
  readonly detections: readonly string[];
  readonly rows: number;
  readonly fired: number;
}

/** One ATT&CK tactic. `fired`: findings with at least one of its techniques. */
export interface TacticCoverage {
  readonly id: string;
  readonly name: string;
  readonly detections: number;
  readonly rows: number;
  readonly fired: number;
  readonly techniques: readonly TechniqueCoverage[];
}

/** Like findings of one caller, and the entry that would calm them. Every text is neutralised. */
export interface NoisyGroup {
  readonly caller: string;
  readonly call: string;
  readonly account: string;
  readonly severity: Severity;
  /** As in {@link ReasonFigures}, strongest first. */
  readonly reasons: readonly string[];
  readonly findings: number;
  readonly atOnce: number;
  readonly days: number;
  /** The file for `severities/local/policy.json` as JSON text, ready to paste; null where none is drafted. */
  readonly entry: string | null;
  /** What to know before pasting it; where none is drafted, why. */
  readonly said: string | null;
}

/** All the page tells beside the findings themselves. */
export interface PageData {
  readonly title: string;
  readonly report: Report;
  readonly comparison: ComparisonReport | null;
  readonly reasons: readonly ReasonFigures[];
  readonly explained: Readonly<Record<string, Explained>>;
  /** What accounts are called, by number. */
  readonly accountNames: Readonly<Record<string, string>>;
  readonly coverage: readonly TacticCoverage[];
  readonly noise: readonly NoisyGroup[];
  /** Findings and changes there are, and those of them that are on the page. */
  readonly total: number;
  readonly shown: number;
  /** The number of the first finding of each block of records. */
  readonly blocks: readonly number[];
}

/** One column of texts: each different one once, and for each finding which it has. */
export interface TextColumn {
  readonly values: readonly string[];
  readonly ids: readonly number[];
}

/** The columns of texts. What a finding has not is the empty text. */
export const TEXT_COLUMNS = [
  'severity',
  'what',
  'call',
  'reason',
  'principal',
  'account',
  'region',
  'change',
  'told',
  'action',
  'sourceIPAddress',
  'errorCode',
  'eventID',
] as const;

/** The name of a column of texts. */
export type ColumnName = (typeof TEXT_COLUMNS)[number];

/** The findings' columns. Time: seconds after the finding before, the first after 1970; 0 where there is none. */
export interface Columns {
  readonly times: readonly number[];
  readonly texts: Readonly<Record<ColumnName, TextColumn>>;
}
