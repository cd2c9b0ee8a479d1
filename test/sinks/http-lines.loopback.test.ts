import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SourceRecord } from '../../function/core/record.ts';
import { readMessage, readRecord } from '../../function/core/record.ts';
import { BatchDelivery, type LineFate } from '../../function/sinks/batch-delivery.ts';
import { openOutput } from '../../function/sinks/open-output.ts';
import type { OutputLine } from '../../function/sinks/output.ts';
import { realRecords } from '../indexing/corpus.ts';
import { within } from '../support/environment.ts';
import { record } from '../support/payloads.ts';

/** Whatever takes lines over HTTP: keeps what it acknowledged, by id. */
let receiver: Server;
let taken: Record<string, unknown>[];
let requests: { readonly headers: IncomingHttpHeaders; readonly path: string }[];
let script: (lines: readonly Record<string, unknown>[], call: number) => number;

beforeEach(async () => {
  taken = [];
  requests = [];
  script = () => 200;
  receiver = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ headers: request.headers, path: request.url ?? '' });
      if (!body.endsWith('\n')) return response.writeHead(400).end('no line feed at the end');
      const lines = body
        .slice(0, -1)
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const status = script(lines, requests.length - 1);
      if (status < 300) taken.push(...lines);
      return response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const sourceOf = (value: unknown): SourceRecord => ({ read: readRecord(value), position: 'x', raw: value });
const records = Array.from({ length: 100 }, (_, at) => record('RunInstances', { eventID: `id-${at}` }));

function output() {
  const endpoint = new URL(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/ingest/`);
  const target = {
    output: 'http-lines',
    endpoint,
    access: { kind: 'none' },
    prefix: 'cloudtrail',
    raw: false,
  } as const;
  return openOutput({ ...target, maxBatchBytes: 1_000_000, maxBatchRecords: 30 });
}

async function deliver(sources: readonly SourceRecord[]) {
  const fates = new Map<string, LineFate>();
  const to = output();
  const delivery = new BatchDelivery<OutputLine>(to, within(20_000), ({ id }, fate) => void fates.set(id, fate), 0.001);
  for (const source of sources) {
    const line = to.lineOf(source);
    if ('unwritable' in line) throw new Error(line.unwritable);
    await delivery.accept(line);
  }
  await delivery.settle();
  return fates;
}
const kindsOf = (fates: ReadonlyMap<string, LineFate>) => new Set([...fates.values()].map(({ kind }) => kind));

describe('lines over HTTP', () => {
  test('are the records, one a line, batched, with the length said and the path kept', async () => {
    expect(kindsOf(await deliver(records.map(sourceOf)))).toEqual(new Set(['taken']));
    expect(taken).toEqual(expect.arrayContaining(records));
    expect(taken).toHaveLength(100);
    expect(requests).toHaveLength(4);
    for (const { headers, path } of requests) {
      expect(headers['content-type']).toBe('application/x-ndjson');
      expect(headers['transfer-encoding']).toBeUndefined();
      expect(path).toBe('/ingest/');
    }
  });

  test('go as they came, to the last digit; a record written over several lines becomes one', () => {
    const message = '{"eventSource":"a","eventName":"b","n":12345678901234567890}';
    const one = output().lineOf({ read: readMessage(message), position: 'x', raw: message });
    expect(one).toMatchObject({ text: `${message}\n` });
    const spread = '{"eventSource":"a",\r\n "eventName":"b"}';
    const joined = output().lineOf({ read: readMessage(spread), position: 'x', raw: spread });
    expect(joined).toMatchObject({ text: '{"eventSource":"a","eventName":"b"}\n' });
  });

  test('keep what splits lines elsewhere: a line is what ends with a line feed', async () => {
    const text = 'a\u2028b\u2029c\u0085d\u0000\ud800🔔\n\r';
    const odd = [record('Odd', { eventID: 'odd', userAgent: text }), record('Next', { eventID: 'next' })];
    const written = `{"eventSource":"a","eventName":"b","eventID":"raw","userAgent":"a\u2028b"}`;
    await deliver([...odd.map(sourceOf), { read: readMessage(written), position: 'x', raw: written }]);
    expect(taken).toEqual([...odd, JSON.parse(written)]);
  });

  const real = realRecords();
  test.skipIf(real === undefined)('are real records, count in as count out', async () => {
    const all = real ?? [];
    expect(kindsOf(await deliver(all.map((one) => ({ ...sourceOf(one), raw: JSON.stringify(one) }))))).toEqual(
      new Set(['taken']),
    );
    const textsOf = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort();
    expect(textsOf(taken)).toEqual(textsOf(all));
  });

  test.each([429, 500, 503])('are sent again after %i until they are taken', async (status) => {
    script = (_lines, call) => (call < 3 ? status : 200);
    expect(kindsOf(await deliver(records.map(sourceOf)))).toEqual(new Set(['taken']));
    expect(taken).toHaveLength(100);
  });

  test('are halved while they are too many', async () => {
    script = (lines) => (lines.length > 8 ? 413 : 202);
    expect(kindsOf(await deliver(records.map(sourceOf)))).toEqual(new Set(['taken']));
    expect(taken).toHaveLength(100);
  });

  test('are refused one by one where one is at fault, and the others are taken', async () => {
    script = (lines) => (lines.some(({ eventID }) => eventID === 'id-42') ? 400 : 200);
    const fates = await deliver(records.map(sourceOf));
    expect(fates.get('id-42')).toEqual({ kind: 'refused', reason: 'HTTP 400' });
    expect(taken).toHaveLength(99);
  });

  test('wait for another try where the receiver takes none', async () => {
    script = () => 401;
    expect(kindsOf(await deliver(records.map(sourceOf)))).toEqual(new Set(['left']));
  });
});
