import type { IncomingMessage } from 'node:http';

/** One document of a bulk request, as it came over the wire. */
export interface BulkItem {
  readonly index: string;
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The items of a bulk request, or what OpenSearch would say is wrong with it. */
export type ReadBulk = { readonly items: readonly BulkItem[] } | { readonly wrong: string };

/**
 * Reads a bulk request as strictly as the strictest server: its headers, a line feed after every line and at the end, an
 * action and a source by turns, ids within their limit, no key twice in an action.
 * @see https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
 */
export function readBulk({ method, headers }: IncomingMessage, body: Buffer): ReadBulk {
  if (method !== 'POST') return { wrong: `method ${method}` };
  if (headers['content-type'] !== 'application/x-ndjson') return { wrong: `content type ${headers['content-type']}` };
  if (headers['transfer-encoding'] !== undefined) return { wrong: 'chunked transfer' };
  if (Number(headers['content-length']) !== body.length) return { wrong: 'content length' };
  const text = body.toString('utf8');
  if (!Buffer.from(text).equals(body)) return { wrong: 'not UTF-8' };
  if (!text.endsWith('\n')) return { wrong: 'The bulk request must be terminated by a newline [\\n]' };
  const lines = text.slice(0, -1).split('\n');
  if (lines.length % 2 !== 0) return { wrong: 'an action without a source' };
  const items: BulkItem[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    const action = objectOf(lines[at]);
    const source = objectOf(lines[at + 1]);
    if (action === undefined || source === undefined) return { wrong: `line ${at + 1} is no JSON object` };
    const [[kind, meta] = [], ...others] = Object.entries(action);
    if (kind !== 'create' || others.length > 0) return { wrong: `line ${at + 1} is not one create` };
    const { _index: index, _id: id, ...more } = meta as Record<string, unknown>;
    if (typeof index !== 'string' || !/^[a-z][a-z0-9-]*$/.test(index)) return { wrong: `_index ${String(index)}` };
    if (typeof id !== 'string' || id === '' || Buffer.byteLength(id) > 512) return { wrong: `_id ${String(id)}` };
    if (Object.keys(more).length > 0) return { wrong: `unknown ${Object.keys(more).join()}` };
    items.push({ index, id, body: source });
  }
  return { items };
}

function objectOf(line: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
