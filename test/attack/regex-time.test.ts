import { describe, expect, test } from 'vitest';
import { consoleHost, eventLink, queryFor } from '../../function/core/console-links.ts';
import { parseFilterPattern } from '../../function/core/filter-pattern/parser.ts';
import type { PatternNode } from '../../function/core/filter-pattern/pattern.ts';
import {
  neutralise,
  neutraliseForChat,
  neutraliseForMail,
  plainForChat,
  printableAscii,
  printableJson,
} from '../../function/core/neutral.ts';
import { outcomeOf } from '../../function/core/outcome.ts';
import { donePhrase, triedPhrase } from '../../function/core/phrase.ts';
import { principalOf } from '../../function/core/principal.ts';
import { principalKey } from '../../function/core/principal-key.ts';
import { eventIdOf, plainIdOf, timeOf, withoutApiVersion } from '../../function/core/record.ts';
import { alphabetOf } from '../../function/core/regex/alphabet.ts';
import { contains } from '../../function/core/regex/char-set.ts';
import { compileRegex } from '../../function/core/regex/linear-regex.ts';
import { buildAutomaton } from '../../function/core/regex/position-automaton.ts';
import { targetOf } from '../../function/core/target.ts';
import { deliveryKey } from '../../function/sinks/ledger/keys.ts';
import { shippedSeverities } from '../noise/shipped.ts';
import { expectLinear } from './growth.ts';

const { detections, policy } = await shippedSeverities();

/** Every expression that the release runs over what callers write. */
const EXPRESSIONS = [
  ...new Set([
    policy.deletions.pattern,
    ...detections.flatMap(({ when }) => [when ?? []].flat().flatMap((one) => expressionsIn(parseFilterPattern(one)))),
  ]),
];

function expressionsIn(node: PatternNode): string[] {
  if (node.kind !== 'leaf') return node.children.flatMap(expressionsIn);
  const { test: asked } = node;
  return asked.kind === 'equality' && asked.literal.kind === 'regex' ? [asked.literal.source] : [];
}

/**
 * Text that leads an expression through as many different states as it has: at each place the letter that leads to one not
 * yet seen, else one by turns. It is what an attacker would send who knows the expression.
 */
function hardestText(source: string, length: number): string {
  const { units, first, firstAtStart, follow, last } = buildAutomaton(source);
  const alphabet = alphabetOf(units.map(({ set }) => set));
  const letters = Array.from({ length: alphabet.size }, (_, index) => alphabet.memberOf(index));
  const seen = new Set<string>();
  let positions: readonly number[] = [];
  let text = '';
  for (let at = 0; at < length; at++) {
    const candidates = new Set([
      ...first.keys(),
      ...(at === 0 ? firstAtStart.keys() : []),
      ...positions.flatMap((position) => [...(follow[position]?.keys() ?? [])]),
    ]);
    const ways = letters.map((letter) => {
      const next = [...candidates]
        .filter((position) => contains(units[position]?.set ?? [], letter))
        .sort((a, b) => a - b);
      return { letter, next, key: next.join(), ends: next.some((position) => last.has(position)) };
    });
    // One that matches ends the search.
    const going = ways.filter(({ ends }) => !ends);
    const way = going.find(({ key }) => !seen.has(key)) ?? going[(at * 7) % going.length];
    if (way === undefined) break;
    seen.add(way.key);
    positions = way.next;
    text += String.fromCharCode(way.letter);
  }
  return text;
}

const PIECES = [
  '{',
  '}',
  '"Effect":"Allow"',
  '"Principal":"*"',
  '"Effect" : "Allow", "Principal" : {"AWS":"*',
  ' ',
  '\\',
  '"',
  ':',
  '/',
  '*',
  'a',
  'Aa',
  '0',
  '.',
  '-',
  'é',
  '\ud800',
  '\u202e',
  'arn:aws:iam::',
  'assumed-role/',
  'a/',
  '20150331',
  'http://',
  'a.bc',
  'mailto:',
  '`',
  '](',
  '\\\\a',
  '\u0301',
];

describe('an expression of a shipped detection', () => {
  test('is one of some dozens', () => {
    expect(EXPRESSIONS.length).toBeGreaterThan(30);
  });

  test.each(EXPRESSIONS.map((source) => [source.slice(0, 60), source] as const))(
    'takes time in proportion to the text, written against it: %s',
    (_, source) => {
      const hard = hardestText(source, 400);
      const regex = compileRegex(source);
      for (const text of [hard, hard.slice(-100), hard.slice(0, 20)]) {
        if (text !== '')
          expectLinear((length) => () => void regex.test(text.repeat(Math.ceil(length / text.length))), 100_000);
      }
    },
  );

  test.each(EXPRESSIONS.map((source) => [source.slice(0, 60), source] as const))(
    'takes a moment for 250 KB, whatever is repeated: %s',
    (_, source) => {
      const regex = compileRegex(source);
      for (const piece of [...PIECES, hardestText(source, 400)]) {
        if (piece === '') continue;
        const text = piece.repeat(Math.ceil(250_000 / piece.length));
        const started = performance.now();
        regex.test(text);
        expect(performance.now() - started, piece).toBeLessThan(2_000);
      }
    },
    60_000,
  );
});

/** Everything that looks at a value with an expression of our own. */
const LOOKS: readonly (readonly [string, (text: string) => unknown])[] = [
  ['showing it in a log', (text) => neutralise(text)],
  ['showing all of it', (text) => neutralise(text, 2_000_000)],
  ['showing it in a mail', (text) => neutraliseForMail(text)],
  ['showing all of it in a mail', (text) => neutraliseForMail(text, 2_000_000)],
  ['showing it in a chat', (text) => neutraliseForChat(text)],
  ['showing it plain in a chat', (text) => plainForChat(text, 2_000_000)],
  ['making a subject of it', (text) => printableAscii(text)],
  ['writing it as JSON', (text) => printableJson({ text })],
  [
    'looking for a caller',
    (text) => [principalOf({ userIdentity: { arn: text } }), principalKey({ userIdentity: { arn: text } })],
  ],
  [
    'looking for a caller in a session',
    (text) => [
      principalOf({ userIdentity: { arn: `arn:aws:sts::1:assumed-role/${text}` } }),
      principalKey({ userIdentity: { arn: `arn:aws:sts::1:assumed-role/${text}` } }),
    ],
  ],
  [
    'looking for a target',
    (text) =>
      targetOf({
        eventName: text,
        requestParameters: { [text]: text, x: { content: text } },
        resources: [{ ARN: text }],
      }),
  ],
  [
    'speaking of it',
    (text) => [
      donePhrase(text, { parameter: text, name: text }),
      triedPhrase(`Create${text}`, { parameter: text, name: `arn:${text}` }),
    ],
  ],
  ['looking for an API version', (text) => withoutApiVersion(text)],
  ['reading it as a time', (text) => timeOf(text)],
  [
    'reading it as an id',
    (text) => [eventIdOf({ eventID: text }), plainIdOf({ eventID: text }), deliveryKey('findings', text)],
  ],
  ['reading it as a refusal', (text) => outcomeOf({ errorCode: text, errorMessage: text })],
  [
    'linking to it',
    (text) => [consoleHost(text), eventLink(text, text), eventLink('us-east-1', text), queryFor('a', text)],
  ],
];

describe.each(LOOKS)('%s', (_, look) => {
  test.each(PIECES)('takes time in proportion to the text, of %j without end', (piece) => {
    expectLinear((length) => {
      const text = piece.repeat(Math.ceil(length / piece.length));
      return () => void look(text);
    }, 100_000);
  });
});
