import { isObject } from '../../function/core/record.ts';
import type { InputRecord } from '../input/value-records.ts';

/**
 * The JSON text of a record: as it came where it was a text of its own, else written anew. Undefined for what cannot be
 * written: it is nested deeper than the stack, and no record of AWS.
 */
export function recordText({ text, raw }: InputRecord): string | undefined {
  if (text !== undefined) return text;
  return typeof raw === 'string' ? raw : written(raw);
}

/** As {@link recordText}; of a record that cannot be written, those fields that can. */
export function writableText(source: InputRecord): string {
  const text = recordText(source);
  if (text !== undefined) return text;
  const fields = isObject(source.raw) ? Object.entries(source.raw) : [];
  return JSON.stringify(Object.fromEntries(fields.filter(([, value]) => written(value) !== undefined)));
}

function written(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}
