import type { SourceRecord } from '../core/record.ts';
import { digestOf } from './ledger/keys.ts';

/** What a record without an id of its own is called: the hash of what it came as. */
export function hashOf({ raw }: SourceRecord): string {
  return digestOf(typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? ''));
}
