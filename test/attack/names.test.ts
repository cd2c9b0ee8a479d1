import { describe, expect, test } from 'vitest';
import { classify } from '../../function/core/classify.ts';
import { readRecord } from '../../function/core/record.ts';
import { shippedPolicy, shippedSeverities } from '../noise/shipped.ts';
import { record } from '../support/payloads.ts';

type Parts = Readonly<Record<string, unknown>>;

const policy = await shippedPolicy();
const { detections } = await shippedSeverities();

/** Every call that the shipped detections publish for, as they show it themselves. */
const CALLS = detections
  .filter(({ severity, count }) => count === undefined && (severity === 'high' || severity === 'critical'))
  .map(({ id, examples }) => [id, record('', examples.match[0] as Parts)] as const)
  .filter(([, call]) => call['readOnly'] !== true);

const wide = (text: string) =>
  text.replace(/[A-Za-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0));
const first = (text: string, by: (letter: string) => string) => by(text.charAt(0)) + text.slice(1);

/** How a name could be written so that it looks, or is taken by somebody, as what it was. */
const DISGUISES: readonly (readonly [string, (name: string) => string])[] = [
  ['in small letters', (name) => name.toLowerCase()],
  ['in capitals', (name) => name.toUpperCase()],
  ['with a small first letter', (name) => first(name, (letter) => letter.toLowerCase())],
  ['in fullwidth letters', wide],
  ['with a Cyrillic а or е', (name) => name.replaceAll('a', '\u0430').replaceAll('e', '\u0435')],
  ['with a dotless ı', (name) => name.replaceAll('i', '\u0131')],
  ['with a ligature', (name) => name.replace('fi', '\ufb01').replace('ff', '\ufb00').replace('st', '\ufb06')],
  ['with a combining mark', (name) => `${name.slice(0, 3)}\u0301${name.slice(3)}`],
  ['with a zero-width space', (name) => `${name.slice(0, 3)}\u200b${name.slice(3)}`],
  ['with a zero-width joiner at its end', (name) => `${name}\u200d`],
  ['with a soft hyphen', (name) => `${name.slice(0, 3)}\u00ad${name.slice(3)}`],
  ['after a byte order mark', (name) => `\ufeff${name}`],
  ['turned round', (name) => `\u202e${[...name].reverse().join('')}`],
  ['with a space behind', (name) => `${name} `],
  ['with a space before', (name) => ` ${name}`],
  ['with a tab behind', (name) => `${name}\t`],
  ['with a line break behind', (name) => `${name}\r\n`],
  ['with a NUL behind', (name) => `${name}\u0000`],
  ['with a dot behind', (name) => `${name}.`],
  ['with a star behind', (name) => `${name}*`],
  ['with a lone surrogate', (name) => `${name}\ud800`],
  ['100,000 characters long', (name) => name + name.charAt(0).repeat(100_000)],
];

const disguised = (call: Parts, field: string, disguise: (name: string) => string) =>
  classify(policy, readRecord({ ...call, [field]: disguise(String(call[field])) }));

describe.each(DISGUISES)('a name %s', (_, disguise) => {
  test.each(['eventName', 'eventSource'])('makes no call quiet or whitelisted, be it the %s', (field) => {
    expect(CALLS.length).toBeGreaterThan(100);
    const silent = CALLS.filter(([, call]) => /ignore|quiet/.test(disguised(call, field, disguise).action));
    expect(silent.map(([id]) => id)).toEqual([]);
  });

  test.each(['eventName', 'eventSource'])(
    'is nobody’s routine: the whitelist does not cover it, be it the %s',
    (field) => {
      const routine = record('Decrypt', { eventSource: 'kms.amazonaws.com' });
      expect(classify(policy, readRecord(routine)).verdict).toBe('whitelisted');
      const name = String(routine[field]);
      if (disguise(name) !== name) expect(disguised(routine, field, disguise).action).toBe('log');
    },
  );
});

/** A value with every text in it written otherwise. */
function inside(value: unknown, disguise: (text: string) => string): unknown {
  if (typeof value === 'string') return disguise(value);
  if (Array.isArray(value)) return value.map((item) => inside(item, disguise));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(item, disguise)]));
}

test.each(DISGUISES.slice(0, 5))('what callers write, %s, leaves every listed call logged at least', (_, disguise) => {
  const silent = CALLS.filter(([, call]) => {
    const spelled = { ...call, requestParameters: inside(call['requestParameters'], disguise) };
    return /ignore|quiet/.test(classify(policy, readRecord(spelled)).action);
  });
  expect(silent.map(([id]) => id)).toEqual([]);
});

describe('names of both kinds at once', () => {
  test.each(['DeleteTrail', 'StopLogging', 'UpdateTrail'])(
    '%s of a service with a dot behind is still logged',
    (eventName) => {
      const verdict = classify(policy, readRecord(record(eventName, { eventSource: 'cloudtrail.amazonaws.com.' })));
      expect(verdict.action).toMatch(/log|publish/);
    },
  );

  test('a deletion is one, whatever service it names', () => {
    const verdict = classify(policy, readRecord(record('DeleteTrail', { eventSource: 'cloudtrail.amazonaws.com.' })));
    expect(verdict).toMatchObject({ severity: 'high', action: 'publish' });
  });

  test('a call that only claims to read is still logged when its service is unknown', () => {
    const claim = record('StopLogging', { eventSource: 'CloudTrail.amazonaws.com', readOnly: true });
    expect(classify(policy, readRecord(claim)).action).toBe('log');
  });
});
