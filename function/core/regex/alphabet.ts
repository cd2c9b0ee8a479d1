import type { CharSet } from './char-set.ts';

const ASCII = 128;

/** Code units that no set of the expression tells apart share a class; the automaton moves by classes. */
export interface Alphabet {
  /** How many classes there are, at least one. */
  readonly size: number;
  /** The class of a code unit. */
  classOf(unit: number): number;
  /** One code unit of the class. */
  memberOf(classIndex: number): number;
}

/** Cuts the code units at every edge of every set. */
export function alphabetOf(sets: readonly CharSet[]): Alphabet {
  const edges = new Set([0]);
  for (const set of sets) for (const [low, high] of set) edges.add(low).add(high + 1);
  const starts = Uint32Array.from(edges).sort();

  function search(unit: number): number {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  const ascii = Uint16Array.from({ length: ASCII }, (_, unit) => search(unit));
  return {
    size: starts.length,
    classOf: (unit) => (unit < ASCII ? ascii[unit]! : search(unit)),
    memberOf: (classIndex) => starts[classIndex]!,
  };
}
