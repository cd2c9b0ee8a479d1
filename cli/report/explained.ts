import { neutralise } from '../../function/core/neutral.ts';
import type { Explanation, Policy } from '../../function/core/policy.ts';
import type { Explained } from './page-data.ts';
import { detectionsOf } from './tactics.ts';

/** Texts of a policy are its owner's, yet a page may be of a policy that somebody proposes. */
const MAX_TEXT = 2_000;

/** What a policy says of detections and rows, each neutralised when it is asked for. */
export class Explanations {
  readonly #detections: ReadonlyMap<string, Explanation>;
  readonly #guardrails: ReadonlySet<string>;
  readonly #table: Policy['table'];

  constructor(policy: Policy) {
    this.#detections = new Map(detectionsOf(policy).map(({ id, explanation }) => [id, explanation]));
    this.#guardrails = new Set(
      detectionsOf(policy)
        .filter(({ guardrail }) => guardrail)
        .map(({ id }) => id),
    );
    this.#table = policy.table;
  }

  /** True of `detection <id>` where that is a guardrail. */
  isGuardrail(reason: string): boolean {
    return this.#guardrails.has(nameIn(reason));
  }

  /** What is said of `by name`; undefined where nothing is. */
  of(reason: string): Explained | undefined {
    const said = this.#explanationOf(reason);
    if (said === undefined) return undefined;
    return {
      title: said.title === undefined ? null : text(said.title),
      why: text(said.reason),
      nextSteps: (said.nextSteps ?? []).map(text),
      techniques: said.techniques ?? [],
      runbook: said.runbook === undefined ? null : text(said.runbook),
    };
  }

  #explanationOf(reason: string): Explanation | undefined {
    const name = nameIn(reason);
    if (reason.startsWith('detection ')) return this.#detections.get(name);
    const slash = name.indexOf('/');
    return this.#table.get(name.slice(0, slash))?.get(name.slice(slash + 1))?.explanation;
  }
}

function nameIn(reason: string): string {
  return reason.slice(reason.indexOf(' ') + 1);
}

function text(said: string): string {
  return neutralise(said, MAX_TEXT);
}
