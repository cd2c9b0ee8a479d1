import { type CloudTrailRecord, textOf } from '../../function/core/record.ts';
import { beginsWith, equalTo } from './equal-to.ts';

/** Characters of a client's name that are worth asking for: `aws-cli/` and longer. */
const FEWEST = 6;
const MOST = 120;

/**
 * What records of one caller share besides: one address, one kind of client. Attackers choose the client, and some the
 * address, so this only narrows an entry that names the caller; it never stands alone.
 */
export class Narrowing {
  #address: string | undefined;
  #client: string | undefined;
  #isFirst = true;

  /** Takes the next record. */
  add(record: CloudTrailRecord): void {
    const address = textOf(record['sourceIPAddress']);
    const client = textOf(record['userAgent'])?.slice(0, MOST);
    if (this.#isFirst) [this.#address, this.#client] = [address, client];
    else {
      if (address !== this.#address) this.#address = undefined;
      this.#client = this.#client === undefined || client === undefined ? undefined : shared(this.#client, client);
    }
    this.#isFirst = false;
  }

  /** The conditions that hold for every record taken. */
  conditions(): string[] {
    const client = this.#client === undefined ? '' : product(this.#client);
    return [
      this.#address === undefined ? undefined : equalTo('$.sourceIPAddress', this.#address),
      client.length < FEWEST ? undefined : beginsWith('$.userAgent', client),
    ].filter((condition) => condition !== undefined);
  }
}

function shared(a: string, b: string): string {
  let end = 0;
  while (end < a.length && a[end] === b[end]) end++;
  return a.slice(0, end);
}

/** Without the version, which changes with the next update: up to the first digit after a slash or blank. */
function product(client: string): string {
  const at = client.search(/(?<=[/ ])v?\d/);
  return (at === -1 ? client : client.slice(0, at)).replace(/[\ud800-\udbff]$/, '');
}
