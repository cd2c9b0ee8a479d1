import { type Alphabet, alphabetOf } from './alphabet.ts';
import { contains } from './char-set.ts';
import { buildAutomaton, END, type PositionAutomaton, START } from './position-automaton.ts';

/** Moves kept at most, over all states; when they are full, all are dropped and built again as needed. */
const MAX_KEPT_MOVES = 1 << 16;
const FEWEST_STATES = 16;

interface State {
  /** The positions that consumed the latest code unit. */
  readonly positions: readonly number[];
  readonly matchesAtEnd: boolean;
  readonly moves: (State | undefined)[];
}

const MATCHED: State = { positions: [], matchesAtEnd: true, moves: [] };
const DEAD: State = { positions: [], matchesAtEnd: false, moves: [] };

/** A regular expression that never backtracks. Build one with {@link compileRegex}. */
export class LinearRegex {
  readonly #automaton: PositionAutomaton;
  readonly #follow: readonly (readonly number[])[];
  readonly #first: readonly number[];
  readonly #firstAtStart: readonly number[];
  readonly #alphabet: Alphabet;
  readonly #mostStates: number;
  readonly #states = new Map<string, State>();
  #start: State;

  constructor(automaton: PositionAutomaton) {
    this.#automaton = automaton;
    this.#follow = automaton.follow.map((ways) => [...ways.keys()]);
    this.#first = [...automaton.first.keys()];
    this.#firstAtStart = [...automaton.firstAtStart.keys()];
    this.#alphabet = alphabetOf(automaton.units.map((unit) => unit.set));
    this.#mostStates = Math.max(FEWEST_STATES, Math.floor(MAX_KEPT_MOVES / this.#alphabet.size));
    this.#start = this.#newStart();
  }

  /**
   * Whether any part of `text` matches. Time grows linearly with the text and memory does not grow with it:
   * each code unit costs one table read, or, where the table lacks the move, one walk over the automaton.
   */
  test(text: string): boolean {
    let state = this.#start;
    for (let offset = 0; offset < text.length; offset++) {
      if (state === MATCHED || state === DEAD) break;
      const unitClass = this.#alphabet.classOf(text.charCodeAt(offset));
      state = state.moves[unitClass] ?? this.#move(state, unitClass);
    }
    return state.matchesAtEnd;
  }

  #newStart(): State {
    const { nothing } = this.#automaton;
    // Matching nothing is possible in every text unless it must be at both edges at once.
    if (nothing[0]! + nothing[START]! + nothing[END]! > 0) return MATCHED;
    return { positions: [], matchesAtEnd: nothing[START | END]! > 0, moves: [] };
  }

  #move(from: State, unitClass: number): State {
    const member = this.#alphabet.memberOf(unitClass);
    const candidates = new Set(this.#first);
    if (from === this.#start) for (const position of this.#firstAtStart) candidates.add(position);
    for (const position of from.positions) for (const next of this.#follow[position]!) candidates.add(next);
    const positions: number[] = [];
    for (const position of candidates) {
      if (contains(this.#automaton.units[position]!.set, member)) positions.push(position);
    }
    const to = this.#stateOf(positions.sort((a, b) => a - b));
    from.moves[unitClass] = to;
    return to;
  }

  #stateOf(positions: readonly number[]): State {
    if (positions.some((position) => this.#automaton.last.has(position))) return MATCHED;
    if (positions.length === 0 && this.#first.length === 0) return DEAD;
    const key = String.fromCharCode(...positions);
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= this.#mostStates) {
      this.#states.clear();
      this.#start = this.#newStart();
    }
    const matchesAtEnd = positions.some((position) => this.#automaton.lastAtEnd.has(position));
    const state: State = { positions, matchesAtEnd, moves: [] };
    this.#states.set(key, state);
    return state;
  }
}

/**
 * Compiles a regular expression that is searched for anywhere in a text, case-sensitively, over UTF-16 code units:
 * the answers of ECMAScript's `RegExp.test` without flags.
 * @throws {SyntaxProblem} `invalid_regex`.
 */
export function compileRegex(source: string): LinearRegex {
  return new LinearRegex(buildAutomaton(source));
}
