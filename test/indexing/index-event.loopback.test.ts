import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { indexEvent } from '../../function/indexing/index-event.ts';
import type { BulkItem } from '../support/bulk-rules.ts';
import { type BulkServer, startBulkServer } from '../support/bulk-server.ts';
import { within } from '../support/environment.ts';
import { record } from '../support/payloads.ts';
import { differentIn, madeRecords, realRecords } from './corpus.ts';
import { type Lab, queueEvent, s3Event, startLab } from './lab.ts';

let lab: Lab;
let server: BulkServer;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());
beforeEach(async () => {
  server = await startBulkServer();
});
afterEach(() => server.close());

const made = madeRecords();
const real = realRecords();
const some = made.slice(0, 60);
const idsIn = (records: readonly Record<string, unknown>[]) => records.map(({ eventID }) => String(eventID)).sort();
const indexed = () => [...server.documents.keys()].map((name) => name.replace(/^[^/]*\//, '')).sort();

interface Bounds {
  readonly queued?: boolean;
  readonly milliseconds?: number;
  readonly maxBatchRecords?: number;
}

const run = (event: unknown, { queued = true, milliseconds = 60_000, maxBatchRecords = 20 }: Bounds = {}) =>
  indexEvent(lab.indexing({ endpoint: server.endpoint, maxBatchRecords }, queued), event, within(milliseconds));

/** The balance of every invocation. */
function expectBalance({
  figures: { received, delivered = 0, repeated = 0, deadLettered = 0, left = 0 },
}: Awaited<ReturnType<typeof run>>) {
  expect(delivered + repeated + deadLettered + left).toBe(received);
}

describe('records of objects', () => {
  test('generated ones are in the index, each once, and no others', async () => {
    const half = Math.ceil(made.length / 2);
    const keys = [await lab.put(made.slice(0, half)), await lab.put(made.slice(half))];
    const outcome = await run(queueEvent(...keys.map((key) => [key])), { maxBatchRecords: 500 });
    expect(outcome).toMatchObject({ failedItems: [], figures: { received: made.length, objectsRead: 2 } });
    expectBalance(outcome);
    expect(indexed()).toEqual(idsIn(made));
    expect(server.broken).toEqual([]);
  });

  test.skipIf(real === undefined)('real ones are in the index of their month, count in as count out', async () => {
    const records = real ?? [];
    const outcome = await run(queueEvent([await lab.put(records)]), { maxBatchRecords: 1_000 });
    expect(outcome).toMatchObject({ failedItems: [], figures: { received: records.length, left: 0, deadLettered: 0 } });
    expect(server.documents.size).toBe(differentIn(records));
    expect(outcome.figures['delivered']).toBe(differentIn(records));
    for (const [name, { eventTime }] of server.documents) {
      expect(name).toMatch(new RegExp(`^cloudtrail-${String(eventTime).slice(0, 7)}/`));
    }
  });

  test('without an id are called by their hash, the same whenever they come, and those without a time are undated', async () => {
    const bare = { eventSource: 's3.amazonaws.com', eventName: 'GetObject' };
    const aggregated = { eventCategory: 'Aggregated', eventId: 'agg-1', eventType: 'AwsAggregatedEvent' };
    const event = queueEvent([await lab.put([bare, aggregated, { ...bare, eventID: 'not an id\n' }])]);
    expect((await run(event)).figures).toMatchObject({ delivered: 3 });
    expect((await run(event)).figures).toMatchObject({ delivered: 0, repeated: 3 });
    const names = [...server.documents.keys()];
    expect(names).toContain('cloudtrail-undated/agg-1');
    expect(names.filter((name) => /^cloudtrail-undated\/[0-9a-f]{64}$/.test(name))).toHaveLength(2);
  });

  test('by two paths, in one event, are one document', async () => {
    const [one, other] = [await lab.put(some), await lab.put(some)];
    const outcome = await run(queueEvent([one], [other]));
    expect(outcome.figures).toMatchObject({ received: 120, delivered: 60, repeated: 60 });
  });

  test('that are no objects are dead letters, and those beside them are indexed', async () => {
    const outcome = await run(queueEvent([await lab.put([...some, 'text', null, 7])]));
    expect(outcome).toMatchObject({ failedItems: [], figures: { received: 63, delivered: 60, deadLettered: 3 } });
    const letters = await lab.letters();
    expect(letters.map(({ record: raw }) => raw).sort()).toEqual(['"text"', '7', 'null']);
    for (const { position } of letters) expect(position).toMatch(/^s3:\/\/trail\/.*#Records\[6[0-2]\]$/);
  });
});

describe('an object', () => {
  test('that is gone is acknowledged; one that is corrupt is a dead letter; neither keeps its neighbours', async () => {
    const corrupt = await lab.put(Buffer.from('not gzip'));
    const broken = await lab.put(gzipSync('{"Records":[{"eventName":"a"},'));
    const gone = 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/20/gone.json.gz';
    const outcome = await run(queueEvent([gone], [corrupt, await lab.put(some)], [broken]));
    expect(outcome).toMatchObject({
      failedItems: [],
      figures: { objectsMissing: 1, deliveriesFailed: 2, delivered: 60 },
    });
    const letters = await lab.letters();
    expect(letters.map(({ position }) => position).sort()).toEqual(
      [`s3://trail/${corrupt}`, `s3://trail/${broken}`].sort(),
    );
    for (const letter of letters)
      expect(letter).toMatchObject({ record: undefined, reason: expect.stringMatching(/gzip|JSON/) });
  });

  test('that is corrupt waits in its queue where there are no dead letters', async () => {
    const event = queueEvent([await lab.put(Buffer.from('not gzip'))], [await lab.put(some)]);
    expect(await run(event, { queued: false })).toMatchObject({ failedItems: ['m0'], figures: { delivered: 60 } });
  });

  test('that S3 does not give fails its own message', async () => {
    const indexing = lab.indexing({ endpoint: server.endpoint });
    const key = await lab.put(some);
    const { client, GetObjectCommand } = await indexing.loadS3();
    const loadS3 = async () => ({
      GetObjectCommand,
      client: {
        send: (async (command: { input: { Key?: string } }, options: never) => {
          if (command.input.Key !== key)
            throw Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
          return client.send(command as never, options);
        }) as typeof client.send,
      },
    });
    const denied = 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/20/denied.json.gz';
    const outcome = await indexEvent({ ...indexing, loadS3 }, queueEvent([denied], [key]), within(60_000));
    expect(outcome).toMatchObject({ failedItems: ['m0'], figures: { delivered: 60, deliveriesFailed: 1 } });
  });

  test('that is a digest is passed over', async () => {
    const digest = await lab.put([], 'AWSLogs/111122223333/CloudTrail-Digest/eu-central-1/2026/11/20/d.json.gz');
    expect(await run(queueEvent([digest]))).toMatchObject({
      failedItems: [],
      figures: { objectsSkipped: 1, received: 0 },
    });
  });
});

describe('under faults, count in is count out', () => {
  const busy = { status: 429, type: 'rejected_execution_exception' };
  const poison = { status: 400, type: 'mapper_parsing_exception', reason: 'no' };
  const everyThird = (_: BulkItem, index: number) => (index % 3 === 0 ? busy : undefined);
  test.each<[string, BulkServer['script'], number]>([
    [
      'a node that rejects every third document once',
      (_items, call) => (call < 3 ? { item: everyThird } : undefined),
      0,
    ],
    ['a cluster that answers 503 twice', (_items, call) => (call < 2 ? { status: 503 } : undefined), 0],
    ['connections that end after the work was done', (_items, call) => (call % 4 === 1 ? 'cut' : undefined), 0],
    ['answers that end half-way', (_items, call) => (call % 4 === 1 ? 'half' : undefined), 0],
    [
      'ten documents that cannot be indexed',
      () => ({ item: ({ id }) => (idsIn(some).indexOf(id) < 10 ? poison : undefined) }),
      10,
    ],
    ['a limit of 4 documents', (items) => (items.length > 4 ? { status: 413 } : undefined), 0],
  ])('%s', async (_, script, letters) => {
    server.script = script;
    const outcome = await run(queueEvent([await lab.put(some)]));
    expectBalance(outcome);
    expect(outcome).toMatchObject({ failedItems: [], figures: { received: 60, deadLettered: letters, left: 0 } });
    const dead = (await lab.letters()).map(({ id }) => id ?? '');
    expect([...indexed(), ...dead].sort()).toEqual(idsIn(some));
    expect(server.broken).toEqual([]);
  });

  test('answers of taken, repeated, busy, broken and refused documents together', async () => {
    await run(queueEvent([await lab.put(some.filter((_, at) => at % 4 === 0))]));
    const refused = new Set(some.filter((_, at) => at % 20 === 1).map(({ eventID }) => String(eventID)));
    const tries = new Map<string, number>();
    server.script = () => ({
      item: ({ id }, index) => {
        const attempt = (tries.get(id) ?? 0) + 1;
        tries.set(id, attempt);
        if (refused.has(id)) return poison;
        if (attempt > 2 || server.documents.has(`cloudtrail-2026-11/${id}`)) return undefined;
        return [busy, { status: 503, type: 'unavailable_shards_exception' }, undefined][index % 3];
      },
    });
    const outcome = await run(queueEvent([await lab.put(some)]));
    expectBalance(outcome);
    expect(outcome).toMatchObject({
      failedItems: [],
      figures: { received: 60, delivered: 42, repeated: 15, deadLettered: 3, left: 0 },
    });
    const dead = (await lab.letters()).map(({ id }) => id ?? '');
    expect([...indexed(), ...dead].sort()).toEqual(idsIn(some));
    for (const id of refused) expect(tries.get(id)).toBe(1);
  });

  test.each<[string, BulkServer['script']]>([
    ['a cluster that is down', () => ({ status: 503 })],
    ['credentials that may nothing', () => ({ status: 403 })],
    ['a cluster without room for shards', () => ({ item: () => ({ status: 400, type: 'validation_exception' }) })],
  ])('%s leaves the message, and the next try completes it', async (_, script) => {
    const event = queueEvent([await lab.put(some)], [await lab.put(made.slice(60, 90))]);
    server.script = script;
    const failed = await run(event);
    expectBalance(failed);
    expect(failed).toMatchObject({ failedItems: ['m0', 'm1'], figures: { received: 90, left: 90 } });
    expect(await lab.letters()).toEqual([]);
    server.script = () => undefined;
    expect(await run(event)).toMatchObject({ failedItems: [], figures: { delivered: 90 } });
    expect(indexed()).toEqual(idsIn(made.slice(0, 90)));
  });

  test('one message fails while its neighbour is acknowledged', async () => {
    const bad = new Set(idsIn(some));
    server.script = () => ({
      item: ({ id }) => (bad.has(id) ? { status: 403, type: 'cluster_block_exception' } : undefined),
    });
    const outcome = await run(queueEvent([await lab.put(some)], [await lab.put(made.slice(60, 90))]));
    expect(outcome).toMatchObject({ failedItems: ['m0'], figures: { left: 60, delivered: 30 } });
  });

  test('a queue of dead letters that takes none leaves the message', async () => {
    server.script = () => ({ item: ({ id }) => (id === some[0]?.['eventID'] ? poison : undefined) });
    const indexing = lab.indexing({ endpoint: server.endpoint });
    const load = indexing.deadLetters?.load;
    if (load === undefined) throw new Error('the lab has dead letters');
    const event = queueEvent([await lab.put(some)]);
    const queueUrl = 'http://127.0.0.1:1/000000000000/none';
    const broken = { load: async () => ({ ...(await load()), client: { send: refuse as never } }), queueUrl };
    const outcome = await indexEvent({ ...indexing, deadLetters: broken }, event, within(60_000));
    expect(outcome).toMatchObject({ failedItems: ['m0'], figures: { delivered: 59, left: 1, deadLettered: 0 } });
  });

  test('without a queue of dead letters a refusal leaves the message', async () => {
    server.script = () => ({ item: ({ id }) => (id === some[0]?.['eventID'] ? poison : undefined) });
    const outcome = await run(queueEvent([await lab.put(some)]), { queued: false });
    expect(outcome).toMatchObject({ failedItems: ['m0'], figures: { delivered: 59, left: 1 } });
  });

  test('when the time is up every message not read whole fails', async () => {
    const event = queueEvent([await lab.put(some)], [await lab.put(some)]);
    expect(await run(event, { milliseconds: 0 })).toMatchObject({
      failedItems: ['m0', 'm1'],
      figures: { delivered: 0 },
    });
  });
});

describe('an event that is no batch', () => {
  test('gives its figures when all is indexed', async () => {
    const outcome = await run(s3Event([await lab.put(some)]));
    expect(outcome).toMatchObject({ failedItems: undefined, figures: { delivered: 60 } });
  });

  test('fails, naming why, when records are left', async () => {
    server.script = () => ({ status: 403, text: 'no permissions' });
    await expect(run(s3Event([await lab.put(some)]))).rejects.toMatchObject({
      code: 'unindexed_records',
      message: '60 record(s) not indexed, the first because of: HTTP 403: no permissions',
    });
  });

  test('of no known shape fails', async () => {
    await expect(run({ hello: 'world' })).rejects.toMatchObject({ code: 'unsupported_event' });
  });
});

test('a time that is none says nothing of how old the oldest record is', async () => {
  const times = ['2001', '!', '2026-11-20T02:41:00Z', undefined].map((eventTime) => record('Run', { eventTime }));
  const { figures } = await run(queueEvent([await lab.put(times)]));
  const age = Math.round((Date.now() - Date.parse('2026-11-20T02:41:00Z')) / 1000);
  expect(figures['oldestRecordAge']).toBeLessThanOrEqual(Math.max(0, age));
});

test('a record that is nested deeper than it can be written is a dead letter without it', async () => {
  const detail: unknown = JSON.parse(
    `{"eventSource":"s","eventName":"n","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  );
  const outcome = await run({ 'detail-type': 'AWS API Call via CloudTrail', detail });
  expect(outcome).toMatchObject({ failedItems: undefined, figures: { received: 1, deadLettered: 1 } });
  expect(await lab.letters()).toMatchObject([
    { position: 'detail', reason: 'nested too deeply', recordOmitted: 'nested_too_deeply' },
  ]);
});

test.each([true, false])(
  'a request that is refused for one record leaves no word of it in the log, queue: %s',
  async (queued) => {
    lab.log.length = 0;
    server.script = () => ({ status: 400, text: '{"error":"cannot read hunter2"}' });
    const event = s3Event([await lab.put([record('Secret', { requestParameters: { password: 'hunter2' } })])]);
    const outcome = await run(event, { queued }).catch((error: Error) => error.message);
    expect(lab.log.join('')).toContain('HTTP 400');
    expect(lab.log.join('') + JSON.stringify(outcome)).not.toContain('hunter2');
    expect(await lab.letters()).toMatchObject(queued ? [{ reason: expect.stringContaining('hunter2') }] : []);
  },
);

test('every event ends with one line of metrics, and no record is in the log', async () => {
  lab.log.length = 0;
  const reason = "failed to parse field [password]: Preview of field's value: 'hunter2'";
  server.script = () => ({ item: () => ({ status: 400, type: 'mapper_parsing_exception', reason }) });
  await run(queueEvent([await lab.put([record('Secret', { requestParameters: { password: 'hunter2' } })])]));
  const lines = lab.log
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ _aws }) => _aws)).toMatchObject([
    { functionName: 'trailbell-index', received: 1, deadLettered: 1 },
  ]);
  expect(lab.log.join('')).not.toContain('hunter2');
  expect(await lab.letters()).toMatchObject([{ reason: expect.stringContaining('hunter2') }]);
});

async function refuse(): Promise<never> {
  throw Object.assign(new Error('no such queue'), { name: 'QueueDoesNotExist', $metadata: { httpStatusCode: 400 } });
}
