import { jsonOf } from '../house/source-files.ts';
import type { Range } from './corpora.ts';

/** A rule whose cases single records cannot answer. */
export interface Excluded {
  readonly rule_id: string;
  readonly why: string;
}

/** A labelled case that is rated otherwise than its label asks. */
export interface Disagreement {
  readonly rule_id: string;
  readonly test_name: string;
  readonly expected: boolean;
  readonly severity: string;
  /** Why trailbell is right to differ. */
  readonly why: string;
}

/** A record outside the exercise that someone is told about. */
export interface SampleAlert {
  readonly line: number;
  readonly eventID?: string;
  readonly eventName: string;
  readonly severity: string;
  /** What the severity comes from: detection ids, `row`, `deletion`. */
  readonly reasons: readonly string[];
  readonly why: string;
}

/** One thing an attacker did in the exercise, with the records that show it. */
export interface AttackStep {
  readonly technique: string;
  /** Lines and ranges of lines. */
  readonly lines: readonly (number | Range)[];
  readonly published: boolean;
  /** The highest of its records. */
  readonly severity: string;
  /** Why a step is not published; absent where it is. */
  readonly why?: string;
}

/** What was found and judged by hand, in `test/reviewed/`; a test compares each with what the severities give. */
export const reviewed = {
  labelled: () =>
    read<{ excluded: readonly Excluded[]; disagreements: readonly Disagreement[] }>('labelled-disagreements.json'),
  samples: () => read<{ alerts: readonly SampleAlert[] }>('sample-alerts.json').alerts,
  attack: () =>
    read<{
      steps: readonly AttackStep[];
      /** Records that are published. */
      findings: number;
      /** What a person would have received of them, after storm control. */
      messages: number;
      deletions: Readonly<Record<string, number>>;
    }>('attack-steps.json'),
};

/** A reason somebody gave: a sentence or more, no placeholder. */
export const isSentence = (text: string | undefined) => text !== undefined && /^[A-Z`].{30,}\.$/s.test(text);

function read<T>(file: string): T {
  return jsonOf(`test/reviewed/${file}`) as T;
}
