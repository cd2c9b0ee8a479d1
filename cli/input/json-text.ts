import { isObject } from '../../function/core/record.ts';

/** What `parsed` gives for text that is not JSON. */
export const NOT_JSON = Symbol('not JSON');

/** The value of a text, or {@link NOT_JSON}. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

/** True for an object, and for a list that holds one: what a line of records is. */
export function holdsObject(value: unknown): boolean {
  return isObject(value) || (Array.isArray(value) && value.some(isObject));
}
