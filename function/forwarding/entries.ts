import { gzipSync } from 'node:zlib';
import { sizeOf } from '../core/forwarding/batching.ts';
import { type Pack, type Packable, Packer, payloadOf } from '../core/forwarding/packing.ts';
import { partitionKeyOf } from '../core/forwarding/partition-key.ts';
import { type SourceRecord, textOf } from '../core/record.ts';
import type { ForwardSettings } from '../forward-settings.ts';
import type { StreamEntry } from '../sinks/kinesis-request.ts';

/** How records become entries of a stream. */
export type EntryRules = Pick<ForwardSettings, 'format' | 'recordsPerPack' | 'partitionBy' | 'maxRecordBytes'>;

/**
 * A record that stays in its object. `oversized`: a Kinesis record of the stream cannot hold it; `bytes` says what it would
 * take, its key included. `unreadable`: it is no JSON object, so that in a pack it could spoil its neighbours.
 */
export type Left = { readonly source: SourceRecord } & (
  | { readonly why: 'oversized'; readonly bytes: number }
  | { readonly why: 'unreadable'; readonly reason: string }
);

/** Is told of records while they become entries. */
export interface RecordWatch {
  /** Every record, in order. @param eventTime as recorded, when it is text */
  onRecord(eventTime: string | undefined): void;
  onLeft(left: Left): void;
}

/** Real records pack 9.5 to one; zlib's own choice, 6, takes half as long again for 10 to one. */
const LEVEL = 4;

interface Item extends Packable {
  readonly source: SourceRecord;
}

/**
 * Turns records into entries: each into exactly one, order kept, its JSON as it stood in the object, unless it is left.
 * Records of any kind go; only what is no JSON object is held back.
 */
export function* entriesOf(
  records: Iterable<SourceRecord>,
  rules: EntryRules,
  watch: RecordWatch,
): Generator<StreamEntry> {
  const envelope = rules.format !== 'record';
  const packer = new Packer<Item>({
    envelope,
    records: rules.recordsPerPack,
    bytes: rules.maxRecordBytes - slackOf(rules.maxRecordBytes),
    oneKey: rules.partitionBy === 'account',
  });
  for (const source of records) {
    const item = itemOf(source, rules, watch);
    const pack = item && packer.add(item);
    if (pack !== undefined) yield* entryOf(pack, rules, watch);
  }
  const pack = packer.finish();
  if (pack !== undefined) yield* entryOf(pack, rules, watch);
}

function* entryOf(
  pack: Pack<Item>,
  { format, maxRecordBytes }: EntryRules,
  watch: RecordWatch,
): Generator<StreamEntry> {
  const payload = payloadOf(pack, format !== 'record');
  const data = format === 'file-gzip' ? gzipSync(payload, { level: LEVEL }) : Buffer.from(payload);
  const entry = { key: pack.key, data, records: pack.items.length };
  const bytes = sizeOf(entry);
  if (bytes <= maxRecordBytes) yield entry;
  // Only one that had to go alone can be too large.
  else for (const { source } of pack.items) watch.onLeft({ why: 'oversized', source, bytes });
}

/** Room for the key, and for what gzip adds where it gains nothing: five bytes a block, and its frame. */
function slackOf(maxRecordBytes: number): number {
  return 128 + Math.ceil(maxRecordBytes / 1000);
}

function itemOf(source: SourceRecord, { partitionBy }: EntryRules, watch: RecordWatch): Item | undefined {
  const { read, raw } = source;
  watch.onRecord(textOf(read.record?.['eventTime']));
  if (read.record === undefined) {
    watch.onLeft({ why: 'unreadable', source, reason: 'unreadable' in read ? read.unreadable : 'no object' });
    return undefined;
  }
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return { source, text, key: partitionKeyOf(partitionBy, read, text) };
}
