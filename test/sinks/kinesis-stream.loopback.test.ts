import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StreamEntry } from '../../function/sinks/kinesis-request.ts';
import { type Put, putAll } from '../../function/sinks/kinesis-stream.ts';
import { within } from '../support/environment.ts';
import type { Fault } from '../support/fault-proxy.ts';
import { kinesisAt, startKinesis, type TestKinesis } from '../support/kinesis.ts';
import { type KinesisProxy, type PutCall, startKinesisProxy } from '../support/kinesis-proxy.ts';

let kinesis: TestKinesis;
let proxy: KinesisProxy;

beforeAll(async () => {
  kinesis = await startKinesis();
  proxy = await startKinesisProxy(kinesis.endpoint);
});

afterAll(async () => {
  await proxy.close();
  await kinesis.close();
});

beforeEach(() => proxy.reset());

/** Entries `0`, `1`, … under keys of their own, or each under one of the keys in turn. */
function entriesNamed(count: number, keys: readonly string[] = []): StreamEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    key: keys[index % keys.length] ?? `key-${index}`,
    data: Buffer.from(String(index)),
    records: 1,
  }));
}

/** Puts entries through the proxy; what the stream has then, in the order of each key. */
async function putThrough(
  entries: Iterable<StreamEntry>,
  { inOrder = false, milliseconds = 20_000, shards = 4, patience = 20_000 } = {},
) {
  const arn = await kinesis.createStream(shards);
  const stream = { arn, name: arn.split('/')[1] ?? '', inOrder, load: kinesisAt(proxy.endpoint, patience) };
  const put = await putAll(stream, entries, within(milliseconds));
  const records = await kinesis.records(arn);
  const inStream = records.map(({ data }) => Buffer.from(data).toString());
  return { put, inStream, records };
}

const sorted = (texts: readonly string[]) => [...texts].sort((a, b) => Number(a) - Number(b));
const names = (entries: readonly StreamEntry[]) => entries.map(({ data }) => Buffer.from(data).toString());
const everyOther = (index: number) => index % 2 === 0;
const refuse = (code: string): Fault => ({ kind: 'refuse', code });
const part = (code: string): Fault => ({ kind: 'part', code, senderFault: false, refused: everyOther });
const once = (fault: Fault) => (call: PutCall) => (call.index === 0 ? fault : undefined);
const whole: Partial<Put> = { errorCode: undefined };

describe('putAll', () => {
  it('puts every entry once, in requests of at most 500', async () => {
    const entries = entriesNamed(1_234);
    const { put, inStream, records } = await putThrough(entries);
    expect(put).toEqual({ ...whole, shipped: 1_234, entries: 1_234, retried: 0, possiblyRepeated: 0 });
    expect(sorted(inStream)).toEqual(names(entries));
    expect(proxy.calls.map(({ keys }) => keys.length)).toEqual([500, 500, 234]);
    expect(new Set(records.map(({ shard }) => shard)).size).toBe(4);
  });

  it('puts at most 5 MiB in a request, keys included', async () => {
    const entries = Array.from({ length: 11 }, (_, index) => ({
      key: `key-${index}`,
      data: Buffer.alloc(1024 * 1024 - 6, String(index % 10)),
      records: 3,
    }));
    const { put } = await putThrough(entries);
    expect(put).toMatchObject({ ...whole, shipped: 33, entries: 11 });
    expect(Math.max(...proxy.calls.map(({ bytes }) => bytes))).toBeLessThanOrEqual(5 * 1024 * 1024);
    expect(proxy.calls.length).toBe(3);
  });

  it('sends nothing where there is nothing to send', async () => {
    const { put } = await putThrough([]);
    expect(put).toMatchObject({ ...whole, shipped: 0, entries: 0 });
    expect(proxy.calls).toEqual([]);
  });

  describe('gives every entry to the stream', () => {
    it.each<[string, Fault, { repeated?: number }]>([
      ['some entries exceed a shard', part('ProvisionedThroughputExceededException'), {}],
      ['some entries meet a failure', part('InternalFailure'), {}],
      ['the request exceeds the stream', refuse('ProvisionedThroughputExceededException'), {}],
      ['the request is throttled', refuse('ThrottlingException'), {}],
      ['the request exceeds a limit', refuse('LimitExceededException'), {}],
      ['KMS is throttled', refuse('KMSThrottlingException'), {}],
      ['the server fails', refuse('InternalFailure'), {}],
      ['the server is not there', refuse('ServiceUnavailable'), {}],
      ['the connection ends before the stream has them', { kind: 'reset', after: false }, {}],
      ['the connection ends after it', { kind: 'reset', after: true }, { repeated: 40 }],
      ['nothing answers, and the stream has nothing', { kind: 'silence', after: false }, {}],
      ['nothing answers, and the stream has them', { kind: 'silence', after: true }, { repeated: 40 }],
      ['the answer is slow', { kind: 'slow', milliseconds: 200 }, {}],
    ])('though %s', async (_, fault, { repeated = 0 }) => {
      proxy.script = once(fault);
      const entries = entriesNamed(40);
      const patience = fault.kind === 'silence' ? 1_000 : 20_000;
      const { put, inStream } = await putThrough(entries, { patience });
      expect(put).toMatchObject({ ...whole, shipped: 40, entries: 40 });
      expect([...new Set(sorted(inStream))]).toEqual(names(entries));
      expect(inStream.length).toBe(40 + repeated);
      // Whether a call without an answer was taken cannot be known, so each counts.
      expect(put.possiblyRepeated).toBeGreaterThanOrEqual(repeated);
      expect(proxy.calls.length).toBe(fault.kind === 'slow' ? 1 : 2);
    });
  });

  it('puts only the entries again that failed', async () => {
    proxy.script = ({ index }) => (index < 3 ? part('ProvisionedThroughputExceededException') : undefined);
    const { put } = await putThrough(entriesNamed(40));
    expect(proxy.calls.map(({ keys }) => keys.length)).toEqual([40, 20, 10, 5]);
    expect(put).toMatchObject({ ...whole, shipped: 40, retried: 35, possiblyRepeated: 0 });
  });

  it.each(['AccessDeniedException', 'ResourceNotFoundException', 'KMSAccessDeniedException', 'KMSDisabledException'])(
    'stops at %s, which no entry can change',
    async (code) => {
      proxy.script = () => refuse(code);
      const { put, inStream } = await putThrough(entriesNamed(1_200));
      expect(put).toMatchObject({ shipped: 0, errorCode: code });
      expect(inStream).toEqual([]);
      expect(proxy.calls.length).toBe(1);
    },
  );

  it('costs no other entry its place when the stream refuses one for good', async () => {
    proxy.script = ({ keys }) => (keys.includes('key-17') ? refuse('ValidationException') : undefined);
    const entries = entriesNamed(40);
    const { put, inStream } = await putThrough(entries);
    expect(put).toMatchObject({ shipped: 39, errorCode: 'ValidationException' });
    expect(sorted(inStream)).toEqual(names(entries).filter((name) => name !== '17'));
  });

  it('gives up at the deadline under the code the stream gave last', async () => {
    proxy.script = () => refuse('ProvisionedThroughputExceededException');
    const start = performance.now();
    const { put } = await putThrough(entriesNamed(10), { milliseconds: 600 });
    expect(performance.now() - start).toBeLessThan(1_500);
    expect(put).toMatchObject({ shipped: 0, errorCode: 'ProvisionedThroughputExceededException' });
    expect(proxy.calls.length).toBeGreaterThan(1);
  });

  it('gives up a call that the deadline finds open', async () => {
    proxy.script = () => ({ kind: 'silence', after: false });
    const start = performance.now();
    const { put } = await putThrough(entriesNamed(10), { milliseconds: 300, patience: 10_000 });
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(put).toMatchObject({ shipped: 0, errorCode: 'OutOfTime' });
  });

  it('reads no more than the next request needs, and lets the reader go when it gives up', async () => {
    let given = 0;
    let isClosed = false;
    function* counted() {
      try {
        for (const entry of entriesNamed(5_000)) {
          given++;
          yield entry;
        }
      } finally {
        isClosed = true;
      }
    }
    proxy.script = () => refuse('AccessDeniedException');
    await putThrough(counted());
    expect(given).toBe(500);
    expect(isClosed).toBe(true);
  });

  describe('in order', () => {
    const KEYS = ['111122223333', '123456789012', '444455556666'];
    const namesOf = (records: Awaited<ReturnType<typeof putThrough>>['records'], key: string) =>
      records.filter((record) => record.key === key).map(({ data }) => Number(Buffer.from(data).toString()));

    it('holds back the later entries of a key that failed, and no others', async () => {
      proxy.script = ({ index }) =>
        index < 4
          ? { kind: 'part', code: 'InternalFailure', senderFault: false, refused: (place) => place === 0 }
          : undefined;
      const { put, records } = await putThrough(entriesNamed(30, KEYS), { inOrder: true, shards: 1 });
      expect(put).toMatchObject({ ...whole, shipped: 30, retried: 4 });
      for (const key of KEYS) {
        const found = namesOf(records, key);
        expect(found.length).toBe(10);
        expect(found).toEqual([...found].sort((a, b) => a - b));
      }
      for (const { keys } of proxy.calls) expect(new Set(keys).size).toBe(keys.length);
    });

    it('keeps the order through an answer that was lost: a repeat comes before what follows', async () => {
      proxy.script = ({ index }) => (index === 1 ? { kind: 'reset', after: true } : undefined);
      const { records } = await putThrough(entriesNamed(5, ['111122223333']), { inOrder: true });
      expect(namesOf(records, '111122223333')).toEqual([0, 1, 1, 2, 3, 4]);
    });

    it('puts nothing of a key after an entry that is refused for good', async () => {
      let seen = 0;
      proxy.script = ({ keys }) =>
        keys.includes('123456789012') && ++seen >= 3 ? refuse('ValidationException') : undefined;
      const { put, records } = await putThrough(entriesNamed(30, KEYS), { inOrder: true });
      expect(put).toMatchObject({ shipped: 22, errorCode: 'ValidationException' });
      expect(namesOf(records, '123456789012')).toEqual([1, 4]);
    });
  });
});
