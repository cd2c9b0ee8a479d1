import type { AttributeValue, WriteRequest } from '@aws-sdk/client-dynamodb';
import type { BoundedCalls } from './bounded-calls.ts';
import { DOWN, REFUSED } from './bounded-calls.ts';
import type { Budget } from './budget.ts';
import { allOf } from './parallel.ts';

/** The two names of a row: `pk` what it is about, `sk` which of several, `-` where there is one. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** A row as it is stored. `expiresAt`, in epoch seconds, is when it stops counting; DynamoDB deletes it some time later. */
export type Row = Key & Readonly<Record<string, string | number>>;

/** True while a row still counts: DynamoDB deletes expired ones days late. */
export function isLive(row: Row, nowSeconds: number): boolean {
  return Number(row['expiresAt']) >= nowSeconds;
}

/** What must hold for a write. */
export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Most rows of one batch of writes. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MAX_BATCH = 25;

/** The ledger's table for one part of an invocation's work, with a budget of its own. No method throws. */
export class Table {
  readonly #name: string;
  readonly #calls: BoundedCalls;
  readonly #budget: Budget;

  constructor(name: string, calls: BoundedCalls, budget: Budget) {
    this.#name = name;
    this.#calls = calls;
    this.#budget = budget;
  }

  /** Milliseconds that may still be waited; what is asked after them is not answered. */
  remaining(): number {
    return this.#budget.remaining();
  }

  /** Waits, at the budget's cost. */
  pause(milliseconds: number): Promise<void> {
    return this.#budget.spend(() => new Promise((resolve) => setTimeout(resolve, milliseconds)));
  }

  /** Counts as a failure what did not come about although every call was answered. */
  gaveUp(errorCode: string): typeof DOWN {
    return this.#calls.gaveUp(errorCode);
  }

  /** The row as last written, `undefined` when there is none. An expired row that still stands is given as well. */
  async get(key: Key): Promise<Row | undefined | typeof DOWN> {
    const answer = await this.#calls.ask({ budget: this.#budget, retry: true }, (port, options) =>
      port.client.send(
        new port.GetItemCommand({ TableName: this.#name, Key: attributes(keyOf(key)), ConsistentRead: true }),
        options,
      ),
    );
    if (answer === REFUSED || answer === DOWN) return DOWN;
    return answer.Item && rowOf(answer.Item);
  }

  /** Writes the row where the condition holds. Retried once, so a condition must let through what the same caller wrote. */
  async put(row: Row, condition?: Condition): Promise<'done' | typeof REFUSED | typeof DOWN> {
    const answer = await this.#calls.ask({ budget: this.#budget, retry: true }, (port, options) =>
      port.client.send(
        new port.PutItemCommand({
          TableName: this.#name,
          Item: attributes(row),
          ...(condition && {
            ConditionExpression: condition.expression,
            ...(condition.names && { ExpressionAttributeNames: condition.names }),
            ...(condition.values && { ExpressionAttributeValues: attributes(condition.values) }),
          }),
        }),
        options,
      ),
    );
    return typeof answer === 'string' ? answer : 'done';
  }

  /** Writes rows, which must differ in key, 25 a call. @returns whether each, by its place, was written */
  async putAll(rows: readonly Row[]): Promise<boolean[]> {
    const batches = Array.from({ length: Math.ceil(rows.length / MAX_BATCH) }, (_, index) =>
      rows.slice(index * MAX_BATCH, (index + 1) * MAX_BATCH),
    );
    const missing = await allOf(batches, (batch) => this.#putBatch(batch));
    return batches.flatMap((batch, index) => {
      const left = missing[index] ?? DOWN;
      return batch.map((row) => left !== DOWN && !left.has(nameOf(row)));
    });
  }

  async #putBatch(rows: readonly Row[]): Promise<ReadonlySet<string> | typeof DOWN> {
    let requests: WriteRequest[] = rows.map((row) => ({ PutRequest: { Item: attributes(row) } }));
    for (let attempt = 0; attempt < 2 && requests.length > 0; attempt++) {
      const answer = await this.#calls.ask({ budget: this.#budget, retry: true }, (port, options) =>
        port.client.send(new port.BatchWriteItemCommand({ RequestItems: { [this.#name]: requests } }), options),
      );
      if (answer === REFUSED || answer === DOWN) return DOWN;
      requests = answer.UnprocessedItems?.[this.#name] ?? [];
    }
    return new Set(requests.flatMap(({ PutRequest }) => (PutRequest?.Item ? nameOf(rowOf(PutRequest.Item)) : [])));
  }

  /** Adds to the number `n` of a row, which begins at 0. @returns the sum; never asked twice */
  async add(key: Key, amount: number, expiresAt: number): Promise<number | typeof DOWN> {
    const answer = await this.#calls.ask({ budget: this.#budget, retry: false }, (port, options) =>
      port.client.send(
        new port.UpdateItemCommand({
          TableName: this.#name,
          Key: attributes(keyOf(key)),
          UpdateExpression: 'SET expiresAt = :expiresAt ADD n :amount',
          ExpressionAttributeValues: attributes({ ':amount': amount, ':expiresAt': expiresAt }),
          ReturnValues: 'UPDATED_NEW',
        }),
        options,
      ),
    );
    if (answer === REFUSED || answer === DOWN) return DOWN;
    const sum = Number(answer.Attributes?.['n']?.N);
    return Number.isFinite(sum) ? sum : DOWN;
  }

  /** One page of the rows under `pk`, by `sk`, from after `after` up to `upTo`. */
  async page(
    pk: string,
    upTo: string | undefined,
    after: Key | undefined,
  ): Promise<{ readonly rows: readonly Row[]; readonly next: Key | undefined } | typeof DOWN> {
    const bound = upTo === undefined ? {} : { ':upTo': upTo };
    const answer = await this.#calls.ask({ budget: this.#budget, retry: true }, (port, options) =>
      port.client.send(
        new port.QueryCommand({
          TableName: this.#name,
          KeyConditionExpression: `pk = :pk${upTo === undefined ? '' : ' AND sk <= :upTo'}`,
          ExpressionAttributeValues: attributes({ ':pk': pk, ...bound }),
          ConsistentRead: true,
          ...(after && { ExclusiveStartKey: attributes(keyOf(after)) }),
        }),
        options,
      ),
    );
    if (answer === REFUSED || answer === DOWN) return DOWN;
    const { Items = [], LastEvaluatedKey } = answer;
    return { rows: Items.map(rowOf), next: LastEvaluatedKey && keyOf(rowOf(LastEvaluatedKey)) };
  }

  /** Takes a row away, if it is there. */
  async remove(key: Key): Promise<'done' | typeof DOWN> {
    const answer = await this.#calls.ask({ budget: this.#budget, retry: true }, (port, options) =>
      port.client.send(new port.DeleteItemCommand({ TableName: this.#name, Key: attributes(keyOf(key)) }), options),
    );
    return typeof answer === 'string' ? DOWN : 'done';
  }
}

function keyOf({ pk, sk }: Key): Key & Row {
  return { pk, sk };
}

/** No key holds a line feed. */
function nameOf({ pk, sk }: Key): string {
  return `${pk}\n${sk}`;
}

function attributes(row: Readonly<Record<string, string | number>>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? { N: String(value) } : { S: value }]),
  );
}

function rowOf(item: Readonly<Record<string, AttributeValue>>): Row {
  const values = Object.entries(item).flatMap(([name, { S, N }]) => {
    const value = N === undefined ? S : Number(N);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { pk: '', sk: '', ...Object.fromEntries(values) };
}
