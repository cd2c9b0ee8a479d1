/** A record on its way into a pack. */
export interface Packable {
  /** Its partition key. */
  readonly key: string;
  /** Its JSON, on one line. */
  readonly text: string;
}

/** Records that go as one: at least one, in their order, under the key of the first. */
export interface Pack<T extends Packable> {
  readonly key: string;
  readonly items: readonly T[];
  /** Bytes of the payload as {@link payloadOf} writes it. */
  readonly bytes: number;
}

/** How records are packed. */
export interface PackRules {
  /** False for a payload that is the one record's JSON itself; a pack then has one. */
  readonly envelope: boolean;
  /** Most records of one pack. */
  readonly records: number;
  /** Most bytes of a payload, of packs of more than one record. */
  readonly bytes: number;
  /** True to keep records of different keys apart. */
  readonly oneKey: boolean;
}

const OPENING = '{"Records":[';
const CLOSING = ']}';

/**
 * Puts records into packs, each record into one, order kept. A record that is too large for a pack goes alone and is as
 * large as it is: the caller measures it.
 */
export class Packer<T extends Packable> {
  readonly #rules: PackRules;
  #items: T[] = [];
  #bytes = 0;

  constructor(rules: PackRules) {
    this.#rules = rules;
  }

  /** Takes a record. @returns the pack before it, when there is one that it does not go into */
  add(item: T): Pack<T> | undefined {
    const { envelope, oneKey, records, bytes: mostBytes } = this.#rules;
    const own = Buffer.byteLength(item.text);
    const [first] = this.#items;
    const fits =
      envelope &&
      first !== undefined &&
      this.#items.length < records &&
      this.#bytes + 1 + own <= mostBytes &&
      !(oneKey && first.key !== item.key);
    if (fits) {
      this.#items.push(item);
      this.#bytes += 1 + own;
      return undefined;
    }
    const before = this.finish();
    this.#items = [item];
    this.#bytes = own + (envelope ? OPENING.length + CLOSING.length : 0);
    return before;
  }

  /** The last pack, if any; may be followed by more records. */
  finish(): Pack<T> | undefined {
    const [first] = this.#items;
    if (first === undefined) return undefined;
    const pack = { key: first.key, items: this.#items, bytes: this.#bytes };
    this.#items = [];
    this.#bytes = 0;
    return pack;
  }
}

/**
 * The JSON of a pack: `{"Records":[…]}`, as in the log files that CloudTrail writes, or the one record itself. Record
 * texts are taken as they are.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
export function payloadOf({ items }: Pick<Pack<Packable>, 'items'>, envelope: boolean): string {
  const texts = items.map(({ text }) => text).join(',');
  return envelope ? `${OPENING}${texts}${CLOSING}` : texts;
}
