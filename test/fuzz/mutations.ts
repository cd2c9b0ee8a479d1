import { HOSTILE } from '../core/render/hostile.ts';
import type { Random } from './random.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const TEXTS = [
  ...HOSTILE.map(([, text]) => text.slice(0, 300)),
  '__proto__',
  'constructor',
  'toString',
  'AccessDenied',
  'Client.DryRunOperation',
  'AWSService',
  'Root',
  '*',
  '#{x}',
  '20150331',
  'arn:aws:sts::111122223333:assumed-role/a/b',
  'arn:aws:iam::aws:policy/AdministratorAccess',
  '2026-11-20T12:00:00Z',
  '9999-99-99T99:99:99Z',
  '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*"}]}',
];
const NUMBERS = [0, -0, -1, 0.1, 1e21, 1e308, 2 ** 53, 400, -5e-324];
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'eventName',
  'userIdentity',
  'a',
  'bucketName',
  'instancesSet',
  '\u202e',
  '0',
  '-1',
];

/** Any small JSON value. */
export function anyJson(random: Random, depth = 3): Json {
  switch (random.below(depth > 0 ? 8 : 5)) {
    case 0:
      return random.of([null, true, false]);
    case 1:
      return random.of(NUMBERS);
    case 2:
    case 3:
      return random.of(TEXTS);
    case 4:
      return mutatedText(random, random.of(TEXTS));
    case 5:
      return Array.from({ length: random.below(4) }, () => anyJson(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, () => [random.of(KEYS), anyJson(random, depth - 1)]),
      );
  }
}

/** The value with one thing changed somewhere in it: a member replaced, taken away, added or moved. */
export function mutatedJson(random: Random, value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = [...value];
    const at = random.below(list.length + 1);
    if (at === list.length || random.oneIn(6)) list.splice(at, 0, anyJson(random));
    else list[at] = mutatedJson(random, list[at]);
    return list;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const at = random.below(entries.length + 1);
    const entry = entries[at];
    const way = random.below(12);
    if (entry === undefined || way === 0) entries.push([random.of(KEYS), anyJson(random)]);
    else if (way === 1) entries.splice(at, 1);
    else if (way === 2) entries[at] = [mutatedText(random, entry[0]), entry[1]];
    else entries[at] = [entry[0], mutatedJson(random, entry[1])];
    return Object.fromEntries(entries);
  }
  if (typeof value === 'string' && !random.oneIn(3)) return mutatedText(random, value);
  return anyJson(random);
}

/** The text with one run of it cut out, doubled, replaced, turned to capitals, or with something put into it. */
export function mutatedText(random: Random, text: string): string {
  const from = random.below(text.length + 1);
  const to = Math.min(text.length, from + 1 + random.below(12));
  const [head, run, tail] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (random.below(7)) {
    case 0:
      return head + tail;
    case 1:
      return head + run + run + tail;
    case 2:
      return head + run.toUpperCase() + tail;
    case 3:
      return head + random.of(TEXTS) + tail;
    case 4:
      return head;
    case 5:
      return head + String.fromCharCode(random.below(random.oneIn(3) ? 65_536 : 128)) + tail;
    default:
      return head + random.of('"\\{}[]:,()$%*.&|=!<> 0aA\u0000'.split('')) + run + tail;
  }
}

/** The bytes with some of them flipped, cut off, doubled or written over. */
export function mutatedBytes(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1);
  switch (random.below(5)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return bytes.slice(at);
    case 2:
      return Buffer.concat([bytes.slice(0, at), bytes.slice(Math.max(0, at - 20))]);
    default: {
      const changed = Uint8Array.from(bytes);
      for (let times = random.below(4); times >= 0; times--) {
        const place = random.below(changed.length);
        changed[place] = (changed[place] ?? 0) ^ (1 << random.below(8));
      }
      return changed;
    }
  }
}
