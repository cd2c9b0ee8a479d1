import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type BulkItem, readBulk } from './bulk-rules.ts';

/** What the server says to one bulk request instead of taking it; items are answered one by one. */
export type BulkAnswer =
  | { readonly status: number; readonly text?: string; readonly headers?: Record<string, string> }
  | { readonly item: (item: BulkItem, index: number) => ItemAnswer | undefined }
  /** Takes every document, and the caller never hears of it, or hears the first half. */
  | 'cut'
  | 'half'
  | undefined;

/** What the server says of one document instead of taking it. */
export interface ItemAnswer {
  readonly status: number;
  readonly type: string;
  readonly reason?: string;
}

/** One request, whatever it was. */
export interface ServerCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Decides an answer; `index` counts the bulk requests from 0. */
export type BulkScript = (items: readonly BulkItem[], index: number, call: ServerCall) => BulkAnswer;

/** A server of `_bulk` that is as strict as any, and refuses as told. */
export interface BulkServer {
  readonly endpoint: URL;
  readonly calls: readonly ServerCall[];
  /** What was wrong with requests; empty for a client that keeps the rules. */
  readonly broken: readonly string[];
  /** Every document, by `index/id`. */
  readonly documents: ReadonlyMap<string, BulkItem['body']>;
  /** May be replaced at any time. */
  script: BulkScript;
  /** Bytes of a request over which it answers 413. */
  maxBytes: number;
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1, taking everything. */
export async function startBulkServer(script: BulkScript = () => undefined): Promise<BulkServer> {
  const calls: ServerCall[] = [];
  const broken: string[] = [];
  const documents = new Map<string, BulkItem['body']>();
  let bulks = 0;
  const state = { script, maxBytes: 10 * 1024 * 1024 };
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { method = '', url: path = '', headers } = request;
      const call = { method, path, headers, body };
      calls.push(call);
      if (path !== '/_bulk') return reply(response, 404, { error: 'no such path' });
      if (body.length > state.maxBytes) return reply(response, 413, {});
      const read = readBulk(request, body);
      if ('wrong' in read) {
        broken.push(read.wrong);
        return reply(response, 400, { error: { type: 'illegal_argument_exception', reason: read.wrong } });
      }
      const answer = state.script(read.items, bulks++, call);
      if (answer === 'cut' || answer === 'half') {
        const text = JSON.stringify({
          items: read.items.map((item) => ({ create: take(documents, item, undefined) })),
        });
        if (answer === 'cut') return response.destroy();
        response.writeHead(200, { 'content-length': text.length });
        return response.write(text.slice(0, text.length / 2), () => response.destroy());
      }
      if (answer !== undefined && 'status' in answer) {
        response.writeHead(answer.status, answer.headers).end(answer.text ?? '');
        return;
      }
      const items = read.items.map((item, index) => ({ create: take(documents, item, answer?.item(item, index)) }));
      const errors = items.some(({ create }) => create.status >= 300);
      return reply(response, 200, { took: 1, errors, items });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    endpoint: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    calls,
    broken,
    documents,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function take(documents: Map<string, BulkItem['body']>, { index, id, body }: BulkItem, said: ItemAnswer | undefined) {
  const named = { _index: index, _id: id };
  if (said) return { ...named, status: said.status, error: { type: said.type, reason: said.reason ?? '' } };
  const name = `${index}/${id}`;
  if (documents.has(name)) {
    return { ...named, status: 409, error: { type: 'version_conflict_engine_exception', reason: 'exists' } };
  }
  documents.set(name, body);
  return { ...named, status: 201, result: 'created' };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
