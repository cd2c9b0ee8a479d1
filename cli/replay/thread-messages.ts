import type { Severities } from '../../function/core/severities/model.ts';
import type { Descriptors, Question, RatingParts } from './rating.ts';
import type { Unit, UnitDone } from './unit.ts';

/** What a thread begins with. */
export interface ThreadData {
  readonly current: Severities;
  readonly proposed: Severities | undefined;
  readonly question: Question;
  readonly descriptors: Descriptors;
}

/** What a thread is told: rate a unit, or say what came of all. */
export type ToThread =
  | { readonly kind: 'unit'; readonly number: number; readonly unit: Unit }
  | { readonly kind: 'end' };

/** What a thread answers. */
export type FromThread =
  | { readonly kind: 'done'; readonly number: number; readonly done: UnitDone }
  | { readonly kind: 'parts'; readonly parts: RatingParts };
