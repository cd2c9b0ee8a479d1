import { DecodeError } from '../../function/sources/decode-error.ts';
import { ObjectError } from '../../function/sources/objects/object-error.ts';
import { recordsOfObject } from '../../function/sources/objects/open-object.ts';
import type { S3Loader } from '../../function/sources/objects/s3.ts';
import type { Io } from '../command.ts';
import type { Bucket } from './bucket.ts';
import { costOf, PRICES } from './cost.ts';
import type { BackfillTarget } from './options.ts';
import { count } from './progress.ts';
import type { HistoryObject } from './selection.ts';

/** Objects read to estimate the records of all. */
const SAMPLE = 10;

/** Packed bytes of a record where no object could be read: 1,500 at the 9.5 to one that real trails pack. */
const PACKED_BYTES = 158;

/** Milliseconds that reading the sample may take. */
const PATIENCE = 60_000;

/** Lists everything, reads a few objects, and says what a backfill would move and cost. @returns how many objects there are */
export async function dryRun(
  io: Io,
  bucket: Bucket,
  load: S3Loader,
  objects: AsyncIterable<HistoryObject>,
  target: BackfillTarget,
): Promise<number> {
  let [number, bytes] = [0, 0];
  const spread = new Spread();
  for await (const object of objects) {
    number++;
    bytes += object.bytes;
    spread.add(object);
  }
  const { records, packed, read } = await recordsIn(io, load, bucket.name, spread.taken());
  const perByte = read > 0 && packed > 0 ? records / packed : 1 / PACKED_BYTES;
  const amounts = { objects: number, records: Math.round(bytes * perByte), lists: bucket.requests };
  const cost = costOf(target, amounts);
  const total = cost.reduce((sum, { dollars }) => sum + dollars, 0);
  const from = read > 0 ? `estimated from ${read} of the objects` : 'estimated from the bytes alone';
  const lines = [
    `objects  ${count(number)}`,
    `bytes    ${count(bytes)}, packed`,
    `records  about ${count(amounts.records)}, ${from}`,
    `cost     about ${dollars(total)} (us-east-1), without KMS, data transfer and what runs all the time`,
    ...cost.map(({ what, amount, dollars: part }) => {
      const { dollars: price, per, source } = PRICES[what];
      const shown = amount < 10 ? Number(amount.toPrecision(2)) : Math.round(amount);
      return `           ${what}: ${count(shown)} for ${dollars(part)}, at $${price} a ${per === 1 ? 'unit' : count(per)} (${source})`;
    }),
  ];
  await io.out(`${lines.join('\n')}\n`);
  return number;
}

/** Takes some of very many, evenly, without knowing how many there are. */
class Spread {
  #taken: HistoryObject[] = [];
  #every = 1;
  #seen = 0;

  add(object: HistoryObject): void {
    if (this.#seen++ % this.#every !== 0) return;
    this.#taken.push(object);
    if (this.#taken.length < 2 * SAMPLE) return;
    this.#taken = this.#taken.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
  }

  taken(): readonly HistoryObject[] {
    const step = Math.max(1, this.#taken.length / SAMPLE);
    return this.#taken.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
  }
}

async function recordsIn(io: Io, load: S3Loader, bucket: string, sample: readonly HistoryObject[]) {
  const end = performance.now() + PATIENCE;
  const port = { load, remaining: () => end - performance.now() };
  let [records, packed, read] = [0, 0, 0];
  for (const { key, bytes } of sample) {
    try {
      for (const _ of await recordsOfObject(port, { bucket, key })) records++;
      packed += bytes;
      read++;
    } catch (error) {
      if (!(error instanceof ObjectError || error instanceof DecodeError)) throw error;
      const needs = error.code === 'denied_object' ? ': the credentials in use need s3:GetObject and kms:Decrypt' : '';
      io.say(`trailbell: not read: ${error.message}${needs}`);
    }
  }
  return { records, packed, read };
}

function dollars(amount: number): string {
  return amount > 0 && amount < 0.01 ? 'less than $0.01' : `$${amount.toFixed(2)}`;
}
