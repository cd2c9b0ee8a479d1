import type { Stored } from '../replay/stored.ts';
import { type ColumnName, type Columns, TEXT_COLUMNS, type TextColumn } from './page-data.ts';

/** `by name` of the reason that gave a finding its severity: how the page tells reasons apart. */
export function reasonKeyOf({ by, name }: Stored['reasons'][number]): string {
  return `${by} ${name}`;
}

/** The findings' columns as they grow, each different text held once. */
export class ColumnsInMaking {
  readonly #times: number[] = [];
  #before = 0;
  readonly #texts = Object.fromEntries(TEXT_COLUMNS.map((name) => [name, new Dictionary()])) as Record<
    ColumnName,
    Dictionary
  >;

  /** Adds the next finding. */
  add(stored: Stored): void {
    const seconds = Math.round(stored.time / 1000);
    this.#times.push(seconds - this.#before);
    this.#before = seconds;
    const cells = cellsOf(stored);
    for (const name of TEXT_COLUMNS) this.#texts[name].add(cells[name]);
  }

  /** The columns so far. */
  get columns(): Columns {
    return { times: this.#times, texts: this.#texts };
  }
}

/** Texts, each different one once. */
class Dictionary implements TextColumn {
  readonly values: string[] = [];
  readonly ids: number[] = [];
  readonly #known = new Map<string, number>();

  add(text: string): void {
    let id = this.#known.get(text);
    if (id === undefined) {
      id = this.values.push(text) - 1;
      this.#known.set(text, id);
    }
    this.ids.push(id);
  }

  toJSON(): TextColumn {
    return { values: this.values, ids: this.ids };
  }
}

function cellsOf(stored: Stored): Record<ColumnName, string> {
  const { mention, reasons, proposed, current } = stored;
  const [first] = reasons;
  return {
    severity: mention.severity,
    what: mention.subject === null ? callName(mention.call) : withoutPlace(mention.subject),
    call: mention.call,
    reason: first === undefined ? '' : reasonKeyOf(first),
    principal: mention.principal,
    account: stored.account ?? '',
    region: stored.region ?? '',
    change: stored.change ?? '',
    told: stored.told ?? '',
    action: (proposed ?? current).action,
    sourceIPAddress: stored.sourceIPAddress ?? '',
    errorCode: stored.errorCode ?? '',
    eventID: mention.eventID ?? '',
  };
}

function callName(call: string): string {
  return call.slice(call.indexOf('/') + 1);
}

/** A subject without its severity and account, which have columns of their own. */
function withoutPlace(subject: string): string {
  return subject.replace(/^\[[A-Z]+\] [^:]{1,80}: /, '');
}
