import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Fault } from './fault-proxy.ts';

/** One PutRecords request, as it came over the wire. */
export interface PutCall {
  /** Counts the calls from 0. */
  readonly index: number;
  /** Partition keys of its entries. */
  readonly keys: readonly string[];
  /** Of the data and keys, as Kinesis counts them. */
  readonly bytes: number;
}

/** Decides what goes wrong with a call; undefined when nothing does. */
export type PutScript = (call: PutCall) => Fault | undefined;

/** A proxy between the SDK and Kinesis. */
export interface KinesisProxy {
  readonly endpoint: string;
  /** May be replaced at any time. */
  script: PutScript;
  /** Calls since the last {@link reset}. */
  readonly calls: readonly PutCall[];
  /** Forgets calls and faults. */
  reset(): void;
  close(): Promise<void>;
}

interface PutBody {
  readonly Records: readonly { readonly PartitionKey: string; readonly Data: string }[];
}

const STATUS: Readonly<Record<string, number>> = { InternalFailure: 500, ServiceUnavailable: 503 };

/** Starts it in front of a server, without faults, on a free port of 127.0.0.1. */
export async function startKinesisProxy(upstream: string): Promise<KinesisProxy> {
  const agent = new Agent({ keepAlive: true });
  let calls: PutCall[] = [];

  const forward = (headers: IncomingMessage['headers'], body: string) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...kept } = headers;
      const sent = request(
        upstream,
        { agent, method: 'POST', headers: { ...kept, 'content-length': Buffer.byteLength(body) } },
        (response) => {
          text(response).then((said) => resolve({ status: response.statusCode ?? 0, body: said }), reject);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });

  const answerTo = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await text(incoming);
    const { Records } = JSON.parse(body) as PutBody;
    const call = {
      index: calls.length,
      keys: Records.map(({ PartitionKey }) => PartitionKey),
      bytes: Records.reduce((sum, record) => sum + bytesOf(record), 0),
    };
    calls.push(call);
    const fault = proxy.script(call);
    if (fault?.kind === 'refuse') {
      const refusal = JSON.stringify({ __type: fault.code, message: 'refused' });
      return reply(response, STATUS[fault.code] ?? 400, refusal);
    }
    if (fault?.kind === 'reset' || fault?.kind === 'silence') {
      if (fault.after) await forward(incoming.headers, body);
      if (fault.kind === 'reset') response.destroy();
      return;
    }
    if (fault?.kind === 'part') {
      const left = Records.filter((_, index) => !fault.refused(index));
      const whole = JSON.parse(body) as object;
      const answer = left.length === 0 ? undefined : await forward(incoming.headers, bodyOf(whole, left));
      const taken = answer === undefined ? [] : (JSON.parse(answer.body) as { Records: unknown[] }).Records;
      const places = taken.values();
      const results = Records.map((_, index) =>
        fault.refused(index) ? { ErrorCode: fault.code, ErrorMessage: 'refused' } : places.next().value,
      );
      const failed = Records.length - left.length;
      return reply(response, 200, JSON.stringify({ FailedRecordCount: failed, Records: results }));
    }
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
    const answer = await forward(incoming.headers, body);
    reply(response, answer.status, answer.body);
  };

  const server = createServer((incoming, response) => {
    // Who gives up in mid-request needs no answer.
    answerTo(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: KinesisProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    script: () => undefined,
    get calls() {
      return calls;
    },
    reset() {
      calls = [];
      proxy.script = () => undefined;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
  return proxy;
}

const bodyOf = (whole: object, records: PutBody['Records']) => JSON.stringify({ ...whole, Records: records });

function bytesOf({ PartitionKey, Data }: PutBody['Records'][number]): number {
  return Buffer.byteLength(PartitionKey) + Buffer.byteLength(Data, 'base64');
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
