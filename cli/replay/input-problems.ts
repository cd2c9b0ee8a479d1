import { undecodedText } from '../input/piece-records.ts';
import { InOrder } from './in-order.ts';
import type { Step } from './input-units.ts';
import type { Unit, UnitDone } from './unit.ts';

/** A step that is done. */
export type DoneStep =
  | Exclude<Step, { readonly kind: 'unit' }>
  | { readonly kind: Unit['kind']; readonly input: string; readonly done: UnitDone };

/** Says what is wrong with inputs, in their order. */
export class InputProblems {
  readonly #order = new InOrder();
  readonly #say: (problem: string) => void;
  #undecoded = { lines: 0, first: '' };

  constructor(say: (problem: string) => void) {
    this.#say = say;
  }

  /** Takes what came of a step. @param number of the step, from 0 */
  act(number: number, what: DoneStep): void {
    this.#order.act(number, () => {
      if (what.kind === 'problem') this.#say(what.problem);
      else if (what.kind === 'end') this.#sayUndecoded(what.input);
      else {
        const { undecoded, firstUndecoded = '', problem } = what.done;
        if (problem !== undefined) this.#say(problem);
        if (this.#undecoded.lines === 0) this.#undecoded.first = firstUndecoded;
        this.#undecoded.lines += undecoded;
        if (what.kind !== 'piece') this.#sayUndecoded(what.input);
      }
    });
  }

  #sayUndecoded(input: string): void {
    const { lines, first } = this.#undecoded;
    this.#undecoded = { lines: 0, first: '' };
    if (lines > 0) this.#say(`${input}: ${undecodedText(lines, first)}`);
  }
}
