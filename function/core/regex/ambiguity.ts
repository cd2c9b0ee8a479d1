import { SyntaxProblem } from '../errors.ts';
import { intersects } from './char-set.ts';
import { buildAutomaton, type PositionAutomaton } from './position-automaton.ts';

/** Pairs of moves compared at most; a pattern that needs more is refused. */
const MAX_COMPARISONS = 1_000_000;

/**
 * Refuses a regular expression that would take a backtracking engine time exponential in the text, because one of
 * its loops can match the same text in two ways: `(a+)+`, `(a|a)*`, `(a|aa)+`, `(\w+\s?)*`. trailbell's own engine
 * runs them safely; the same pattern pasted elsewhere may not be. Polynomial patterns such as `.*.*x` pass.
 * @throws {SyntaxProblem} `invalid_regex`, at the place of the loop; also for what `compileRegex` refuses.
 */
export function refuseAmbiguity(source: string): void {
  const automaton = buildAutomaton(source);
  const loops = loopsOf(automaton);
  const ambiguous = doubleMove(automaton, loops) ?? doublePath(automaton, loops);
  if (ambiguous === undefined) return;
  const { at } = automaton.units[ambiguous]!;
  const found = 'a loop that can match the same text in two ways';
  throw new SyntaxProblem('invalid_regex', at, found, 'one way to match each text, e.g. "a+" for "(a+)+"');
}

/** A position in a loop that goes on to the same position in two ways, as after `(a+)+`. */
function doubleMove({ follow }: PositionAutomaton, loops: readonly number[]): number | undefined {
  for (const [from, ways] of follow.entries()) {
    for (const [to, count] of ways) if (count > 1 && loops[from] === loops[to]) return to;
  }
  return undefined;
}

/** A position where two different paths over the same text, begun at one position, meet again in their loop. */
function doublePath({ follow, units }: PositionAutomaton, loops: readonly number[]): number | undefined {
  const inLoop = follow.map((ways, from) => [...ways.keys()].filter((to) => loops[to] === loops[from]));
  const pairs: (readonly [number, number])[] = units.map((_, position) => [position, position]);
  const seen = new Set<number>();
  let comparisons = 0;
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b] = pair;
    for (const nextA of inLoop[a]!) {
      for (const nextB of inLoop[b]!) {
        if (++comparisons > MAX_COMPARISONS) {
          throw new SyntaxProblem('invalid_regex', units[a]!.at, 'a loop too large to check', 'a simpler pattern');
        }
        if (a === b && nextA === nextB) continue;
        if (!intersects(units[nextA]!.set, units[nextB]!.set)) continue;
        if (nextA === nextB) return nextA;
        const key = Math.min(nextA, nextB) * units.length + Math.max(nextA, nextB);
        if (!seen.has(key)) pairs.push([nextA, nextB]);
        seen.add(key);
      }
    }
  }
  return undefined;
}

/** For each position the number of its loop: two positions share it when each can be reached from the other. */
function loopsOf({ follow }: PositionAutomaton): readonly number[] {
  const loops: number[] = [];
  const order: number[] = [];
  const lowest: number[] = [];
  const stack: number[] = [];
  let visits = 0;

  // Tarjan's algorithm; the recursion is as deep as there are positions, at most.
  function visit(position: number): void {
    const own = visits++;
    order[position] = own;
    lowest[position] = own;
    stack.push(position);
    for (const next of follow[position]!.keys()) {
      if (order[next] === undefined) visit(next);
      if (loops[next] === undefined) lowest[position] = Math.min(lowest[position]!, lowest[next]!);
    }
    if (lowest[position] !== own) return;
    for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
      loops[member] = own;
      if (member === position) break;
    }
  }

  for (const position of follow.keys()) if (order[position] === undefined) visit(position);
  return loops;
}
