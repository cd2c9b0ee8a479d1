import { type CloudTrailRecord, textOf, timeOf } from '../record.ts';
import { flattened } from './flatten.ts';

/** Fields whose content differs with every call: as they are they would make a mapping of tens of thousands of names. */
export const FLATTENED_FIELDS = ['requestParameters', 'responseElements', 'resources', 'serviceEventDetails'] as const;

/** How records become documents. */
export interface DocumentOptions {
  /** Also keep each flattened field's JSON, as text to search in. */
  readonly raw: boolean;
}

/** One record on its way into an index. */
export interface IndexDocument {
  /** The index of the month the record tells of, whatever the file it came in. */
  readonly index: string;
  /** The same for every copy of a record, so that an index holds it once. */
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The document of a record: its fields verbatim, but for {@link FLATTENED_FIELDS}, which become `<name>_flattened` and, if
 * wanted, `<name>_raw`.
 */
export function bodyOf(record: CloudTrailRecord, { raw }: DocumentOptions): Record<string, unknown> {
  const { requestParameters: _, responseElements: __, resources: ___, serviceEventDetails: ____, ...kept } = record;
  const body: Record<string, unknown> = kept;
  for (const field of FLATTENED_FIELDS) {
    const leaves = flattened(field, record[field]);
    if (leaves === undefined) continue;
    body[`${field}_flattened`] = leaves;
    if (raw) body[`${field}_raw`] = JSON.stringify(record[field]);
  }
  return body;
}

/** CloudTrail's first year, and the last that an index is made for: a file of strange dates must not make thousands. */
const YEARS = { first: 2013, last: 2099 } as const;

/**
 * `<prefix>-YYYY-MM` by the record's own eventTime, so that a record delivered twice, or late, goes where it was. Records
 * without a time (aggregated events) go to `<prefix>-undated`.
 */
export function indexOf(prefix: string, record: CloudTrailRecord): string {
  const time = timeOf(textOf(record['eventTime']));
  const year = time?.getUTCFullYear() ?? 0;
  if (time === undefined || year < YEARS.first || year > YEARS.last) return `${prefix}-undated`;
  return `${prefix}-${time.toISOString().slice(0, 7)}`;
}
