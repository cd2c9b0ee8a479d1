import { logEvent, packed, payload, record } from '../support/payloads.ts';

const MB = 1024 * 1024;

/** JSON that takes many times its own length once it is read. */
export const SWELLING: readonly (readonly [string, string])[] = [
  ['empty objects', '{},'],
  ['lists in lists', '[[]],'],
  ['objects with one key', '{"a":0},'],
];

/** A payload of 125 records, each as long as CloudTrail makes one, full of `unit`. */
export function swollen(eventName: string, eventSource: string, unit: string) {
  const swelling = `[${unit.repeat(Math.floor((245 * 1024) / unit.length))}0]`;
  const texts = Array.from({ length: 125 }, (_, index) =>
    JSON.stringify(record(eventName, { eventSource, eventID: `id-${index}`, requestParameters: '@@' })).replace(
      '"@@"',
      () => `{"volumeId":"vol-${index}","name":"trail-${index}","x":${swelling}}`,
    ),
  );
  // Log events hold records as text, so quotes take a character more.
  const fitting = texts.slice(0, Math.floor((31 * MB) / JSON.stringify(texts[0]).length));
  return { event: packed(payload(fitting.map(logEvent))), records: fitting.length };
}
