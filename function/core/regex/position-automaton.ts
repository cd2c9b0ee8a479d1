import type { CharSet } from './char-set.ts';
import { parseRegex, positionsOf, type RegexNode } from './parser.ts';

/** Position -> in how many ways it is reached: 1, or 2 for two and more. */
export type Ways = Map<number, number>;

/**
 * Glushkov's automaton: one state for each character position of the expression, no empty moves.
 * The `AtStart` and `AtEnd` maps hold the positions that count only at that edge of the text; no edge of `follow`
 * crosses an anchor, since nothing is consumed before `^` or after `$`.
 * @see https://en.wikipedia.org/wiki/Glushkov%27s_construction_algorithm
 */
export interface PositionAutomaton {
  /** What each position matches, and where it stands in the source. */
  readonly units: readonly { readonly set: CharSet; readonly at: number }[];
  readonly first: Ways;
  readonly firstAtStart: Ways;
  readonly last: Ways;
  readonly lastAtEnd: Ways;
  readonly follow: readonly Ways[];
  /** In how many ways nothing is matched, indexed by the anchors crossed: START | END. */
  readonly nothing: readonly number[];
}

/** The bits that index `nothing`. */
export const START = 1;
/** The other bit. */
export const END = 2;

interface Fragment {
  nothing: number[];
  first: Ways;
  firstAtStart: Ways;
  last: Ways;
  lastAtEnd: Ways;
}

/**
 * Builds the automaton of a regular expression, counted repetitions written out. At most MAX_POSITIONS positions.
 * @throws {SyntaxProblem} `invalid_regex`.
 */
export function buildAutomaton(source: string): PositionAutomaton {
  const root = parseRegex(source);
  const units: { set: CharSet; at: number }[] = [];
  const follow: Ways[] = [];

  function build(node: RegexNode): Fragment {
    switch (node.kind) {
      case 'unit': {
        const position = units.push({ set: node.set, at: node.at }) - 1;
        follow.push(new Map());
        return { ...nothingIn(0, 0), first: new Map([[position, 1]]), last: new Map([[position, 1]]) };
      }
      case 'anchor':
        return nothingIn(node.edge === 'start' ? START : END, 1);
      case 'sequence':
        return node.parts.map(build).reduce(sequence, nothingIn(0, 1));
      case 'choice':
        return node.parts.map(build).reduce(choice);
      case 'repeat':
        return repeat(node.of, node.min, node.max);
    }
  }

  function repeat(body: RegexNode, min: number, max: number): Fragment {
    // Repeating what consumes nothing changes nothing, however often.
    if (positionsOf(body) === 0 && max > 0) return min > 0 ? build(body) : optional(build(body));
    let fragment = nothingIn(0, 1);
    const endless = max === Number.POSITIVE_INFINITY;
    for (let copy = 0; copy < (endless ? min - 1 : min); copy++) fragment = sequence(fragment, build(body));
    if (endless) return sequence(fragment, min === 0 ? optional(loop(build(body))) : atLeastOnce(build(body)));
    let tail = nothingIn(0, 1);
    for (let copy = min; copy < max; copy++) tail = optional(sequence(build(body), tail));
    return sequence(fragment, tail);
  }

  function loop(body: Fragment): Fragment {
    connect(body.last, body.first);
    return body;
  }

  function atLeastOnce(body: Fragment): Fragment {
    const { nothing } = loop(body);
    // A first turn may match nothing, and a second one begin where the first would have.
    add(body.first, body.first, nothing[0]!);
    return body;
  }

  function sequence(a: Fragment, b: Fragment): Fragment {
    connect(a.last, b.first);
    const none = b.nothing[0]!;
    add(b.last, a.last, none);
    add(b.lastAtEnd, a.lastAtEnd, none + b.nothing[END]!);
    add(b.lastAtEnd, a.last, b.nothing[END]!);
    add(a.firstAtStart, b.firstAtStart, a.nothing[0]! + a.nothing[START]!);
    add(a.firstAtStart, b.first, a.nothing[START]!);
    add(a.first, b.first, a.nothing[0]!);
    const nothing = [0, 0, 0, 0];
    for (const [i, waysA] of a.nothing.entries()) {
      for (const [j, waysB] of b.nothing.entries()) nothing[i | j] = Math.min(2, nothing[i | j]! + waysA * waysB);
    }
    return { nothing, first: a.first, firstAtStart: a.firstAtStart, last: b.last, lastAtEnd: b.lastAtEnd };
  }

  function connect(from: Ways, to: Ways): void {
    for (const [position, ways] of from) add(follow[position]!, to, ways);
  }

  return { ...build(root), units, follow };
}

function nothingIn(anchors: number, ways: number): Fragment {
  const nothing = [0, 0, 0, 0];
  nothing[anchors] = ways;
  return { nothing, first: new Map(), firstAtStart: new Map(), last: new Map(), lastAtEnd: new Map() };
}

function choice(a: Fragment, b: Fragment): Fragment {
  for (const part of ['first', 'firstAtStart', 'last', 'lastAtEnd'] as const) add(a[part], b[part], 1);
  return { ...a, nothing: a.nothing.map((ways, anchors) => Math.min(2, ways + b.nothing[anchors]!)) };
}

function optional(body: Fragment): Fragment {
  return { ...body, nothing: [1, 0, 0, 0] };
}

function add(into: Ways, from: Ways, factor: number): void {
  if (factor === 0) return;
  for (const [position, ways] of from) into.set(position, Math.min(2, (into.get(position) ?? 0) + ways * factor));
}
