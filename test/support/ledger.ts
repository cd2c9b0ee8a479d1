import type { AddressInfo } from 'node:net';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import * as commands from '../../function/sinks/ledger/dynamo-client.ts';
import type { DynamoLoader } from '../../function/sinks/ledger/port.ts';
import { createLedgerTable } from './ledger-table.ts';

/** One call to the ledger, as a fault sees it before it is sent. */
export interface LedgerCall {
  /** `PutItemCommand` and so on. */
  readonly command: string;
  /** The call's input as JSON text: what it is about can be looked for in it. */
  readonly input: string;
  /** Counts the calls of this loader from 0. */
  readonly index: number;
}

/** A fault: what it throws the call fails with, what it returns is awaited before the call is sent. */
export type LedgerFault = (call: LedgerCall) => Promise<void> | void;

/** A DynamoDB on loopback with one table. */
export interface TestLedger {
  readonly table: string;
  readonly endpoint: string;
  /** A loader of the SDK's own client, as each function has one; a fault comes before what it sends. */
  loader(fault?: LedgerFault): { readonly load: DynamoLoader; readonly calls: readonly LedgerCall[] };
  /** Writes a row of texts over what is there. */
  put(row: Readonly<Record<string, string>>): Promise<void>;
  /** Every row, values without their types. */
  rows(): Promise<Record<string, string>[]>;
  close(): Promise<void>;
}

/** An error as the SDK gives it. */
export function refusal(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
}

/** Rejects as the SDK does when the caller gives up. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(Object.assign(new Error('aborted'), { name: 'AbortError' })));
  });
}

/** Starts it on a free port of 127.0.0.1. */
export async function startLedger(): Promise<TestLedger> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' },
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  const table = 'trailbell-ledger';
  await createLedgerTable(client, table);
  return {
    table,
    endpoint,
    loader(fault) {
      const calls: LedgerCall[] = [];
      const send: typeof client.send = async (
        command: { input: unknown; constructor: { name: string } },
        options: object,
      ) => {
        const call = { command: command.constructor.name, input: JSON.stringify(command.input), index: calls.length };
        calls.push(call);
        const { abortSignal } = options as { readonly abortSignal?: AbortSignal };
        if (fault) await Promise.race([fault(call), aborted(abortSignal)]);
        return client.send(command as never, options as never);
      };
      return { load: async () => ({ client: { send }, ...commands }), calls };
    },
    async put(row) {
      const Item = Object.fromEntries(Object.entries(row).map(([name, S]) => [name, { S }]));
      await client.send(new commands.PutItemCommand({ TableName: table, Item }));
    },
    async rows() {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
      return Items.map((item) =>
        Object.fromEntries(Object.entries(item).map(([name, { S, N }]) => [name, S ?? N ?? ''])),
      );
    },
    async close() {
      client.destroy();
      // It goes on with calls that were given up, and they need its tables.
      await new Promise((resolve) => setTimeout(resolve, 150));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
