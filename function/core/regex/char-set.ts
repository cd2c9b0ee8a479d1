/** A set of UTF-16 code units: inclusive ranges `[low, high]`, ascending, neither touching nor overlapping. */
export type CharSet = readonly (readonly [low: number, high: number])[];

const LAST_UNIT = 0xffff;

/** The set that holds what any of `ranges` holds, in any order. */
export function unionOf(ranges: readonly (readonly [number, number])[]): CharSet {
  const merged: [number, number][] = [];
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const previous = merged.at(-1);
    if (previous !== undefined && low <= previous[1] + 1) previous[1] = Math.max(previous[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

/** Every code unit that `set` does not hold. */
export function complementOf(set: CharSet): CharSet {
  const gaps: [number, number][] = [];
  let from = 0;
  for (const [low, high] of set) {
    if (low > from) gaps.push([from, low - 1]);
    from = high + 1;
  }
  if (from <= LAST_UNIT) gaps.push([from, LAST_UNIT]);
  return gaps;
}

/** Whether `set` holds the code unit. */
export function contains(set: CharSet, unit: number): boolean {
  for (const [low, high] of set) if (unit <= high) return unit >= low;
  return false;
}

/** Whether one code unit is in both sets. */
export function intersects(a: CharSet, b: CharSet): boolean {
  return a.some(([low, high]) => b.some(([otherLow, otherHigh]) => low <= otherHigh && otherLow <= high));
}

/** The set that holds one code unit. */
export function single(unit: number): CharSet {
  return [[unit, unit]];
}

const DIGIT: CharSet = [[0x30, 0x39]];
const WORD: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
/** ECMAScript WhiteSpace and LineTerminator. */
const SPACE: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

/** What `.` matches: everything but the four line terminators. */
export const DOT: CharSet = complementOf([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]);

/**
 * The letters that name a set after a backslash, with the sets of ECMAScript.
 * @see https://tc39.es/ecma262/#sec-compiletocharset
 */
export const SHORTHANDS: ReadonlyMap<string, CharSet> = new Map([
  ['d', DIGIT],
  ['D', complementOf(DIGIT)],
  ['s', SPACE],
  ['S', complementOf(SPACE)],
  ['w', WORD],
  ['W', complementOf(WORD)],
]);
