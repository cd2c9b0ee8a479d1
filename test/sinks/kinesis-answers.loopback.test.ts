import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamEntry } from '../../function/sinks/kinesis-request.ts';
import { putAll } from '../../function/sinks/kinesis-stream.ts';
import { within } from '../support/environment.ts';
import { kinesisAt } from '../support/kinesis.ts';

interface Asked {
  readonly PartitionKey: string;
  readonly Data: string;
}

/** What the stream says of an entry: a code, or undefined where it takes it. */
type Say = (key: string, call: number) => string | undefined;

let server: Server;
let calls: string[][];
let taken: string[];
let say: Say;
/** Answers a call in another way; false where it does not. */
let otherwise: (response: ServerResponse, call: number, answer: string) => boolean;

beforeEach(async () => {
  [calls, taken] = [[], []];
  say = () => undefined;
  otherwise = () => false;
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { Records } = JSON.parse(body) as { Records: Asked[] };
      const call = calls.push(Records.map(({ PartitionKey }) => PartitionKey)) - 1;
      const results = Records.map(({ PartitionKey, Data }) => {
        const ErrorCode = say(PartitionKey, call);
        if (ErrorCode !== undefined) return { ErrorCode, ErrorMessage: 'refused' };
        taken.push(`${PartitionKey}:${Buffer.from(Data, 'base64').toString()}`);
        return { SequenceNumber: String(taken.length), ShardId: 'shardId-000000000000' };
      });
      const answer = JSON.stringify({ FailedRecordCount: 0, Records: results });
      if (!otherwise(response, call, answer)) {
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(answer);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const entriesOf = (...keys: readonly string[]): StreamEntry[] =>
  keys.map((key, index) => ({ key, data: Buffer.from(String(index)), records: 2 }));

function put(entries: readonly StreamEntry[], { inOrder = false, milliseconds = 10_000 } = {}) {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stream = { arn: 'arn:aws:kinesis:eu-central-1:111122223333:stream/a', name: 'a', inOrder };
  return putAll({ ...stream, load: kinesisAt(endpoint) }, entries, within(milliseconds));
}

describe('an answer of which some entries are throttled and one is refused for good', () => {
  beforeEach(() => {
    say = (key, call) => {
      if (key === 'b') return 'KMSAccessDeniedException';
      return key === 'c' && call < 2 ? 'ProvisionedThroughputExceededException' : undefined;
    };
  });

  it('has the throttled put again, the refused one not, and says that not every entry was taken', async () => {
    const result = await put(entriesOf('a', 'b', 'c', 'd'));
    expect(result).toEqual({
      ...{ shipped: 6, entries: 3, retried: 2, possiblyRepeated: 0 },
      errorCode: 'KMSAccessDeniedException',
    });
    expect(taken).toEqual(['a:0', 'd:3', 'c:2']);
    expect(calls).toEqual([['a', 'b', 'c', 'd'], ['c'], ['c']]);
  });

  it('holds back, in order, what follows the refused one, and only what has its key', async () => {
    const result = await put(entriesOf('a', 'b', 'c', 'b', 'c', 'a'), { inOrder: true });
    expect(result).toMatchObject({ shipped: 8, entries: 4, errorCode: 'KMSAccessDeniedException' });
    expect(taken).toEqual(['a:0', 'a:5', 'c:2', 'c:4']);
    expect(calls.flat().filter((key) => key === 'b')).toHaveLength(1);
  });
});

describe('an answer that confirms nothing', () => {
  it.each<[string, (response: ServerResponse, answer: string) => void]>([
    [
      'ends half-way',
      (response, answer) => {
        response.writeHead(200, { 'content-length': answer.length });
        response.write(answer.slice(0, answer.length / 2), () => response.destroy());
      },
    ],
    ['is broken JSON', (response, answer) => void response.end(answer.slice(0, answer.length / 2))],
    ['is a page', (response) => void response.end('<html>')],
    ['names no entry', (response) => void response.end('{"FailedRecordCount":0}')],
    ['names too few', (response) => void response.end('{"FailedRecordCount":0,"Records":[]}')],
  ])('because it %s has everything put again, and counts it as possibly repeated', async (_, how) => {
    otherwise = (response, call, answer) => {
      if (call > 0) return false;
      how(response, answer);
      return true;
    };
    const result = await put(entriesOf('a', 'b', 'c'));
    expect(result).toEqual({ shipped: 6, entries: 3, retried: 3, possiblyRepeated: 6, errorCode: undefined });
    expect(new Set(taken)).toEqual(new Set(['a:0', 'b:1', 'c:2']));
  });

  it('and is all there ever is ends at the deadline, with nothing called shipped', async () => {
    otherwise = (response) => {
      response.end('{}');
      return true;
    };
    const result = await put(entriesOf('a', 'b'), { milliseconds: 500 });
    expect(result).toMatchObject({ shipped: 0, entries: 0, errorCode: 'InternalFailure' });
  });
});
