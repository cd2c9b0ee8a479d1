import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BatchDelivery, type LineFate } from '../../function/sinks/batch-delivery.ts';
import { openOutput } from '../../function/sinks/open-output.ts';
import type { OutputLine } from '../../function/sinks/output.ts';
import type { BulkItem } from '../support/bulk-rules.ts';
import { type BulkServer, startBulkServer } from '../support/bulk-server.ts';
import { within } from '../support/environment.ts';

let server: BulkServer;
beforeEach(async () => {
  server = await startBulkServer();
});
afterEach(() => server.close());

const LINES = 200;

function lines(count = LINES): OutputLine[] {
  return Array.from({ length: count }, (_, at) => {
    const id = `id-${at}`;
    const index = 'cloudtrail-2026-11';
    return { id, index, text: `{"create":{"_index":"${index}","_id":"${id}"}}\n{"eventName":"Run${at}"}\n` };
  });
}

interface Bounds {
  readonly maxBatchRecords?: number;
  readonly maxBatchBytes?: number;
  readonly milliseconds?: number;
}

/** Delivers lines and gives the fate of each by its id; told twice of one is a failure. */
async function deliver(sent: readonly OutputLine[], bounds: Bounds = {}) {
  const { maxBatchRecords = 50, maxBatchBytes = 1_000_000, milliseconds = 20_000 } = bounds;
  const access = { kind: 'none' } as const;
  const target = { output: 'bulk', endpoint: server.endpoint, access, prefix: 'cloudtrail', raw: false } as const;
  const fates = new Map<string, LineFate>();
  const output = openOutput({ ...target, maxBatchBytes, maxBatchRecords });
  const delivery = new BatchDelivery<OutputLine>(
    output,
    within(milliseconds),
    ({ id }, fate) => {
      if (fates.has(id)) throw new Error(`told twice of ${id}`);
      fates.set(id, fate);
    },
    0.001,
  );
  for (const line of sent) await delivery.accept(line);
  await delivery.settle();
  const kinds = [...fates.values()].map(({ kind }) => kind);
  const count = (kind: LineFate['kind']) => kinds.filter((one) => one === kind).length;
  return {
    fates,
    requests: delivery.requests,
    told: { taken: count('taken'), repeated: count('repeated'), refused: count('refused'), left: count('left') },
  };
}

const of = (...ids: readonly number[]) => new Set(ids.map((at) => `id-${at}`));
const busy = { status: 429, type: 'rejected_execution_exception' };

describe('a delivery', () => {
  test('keeps the rules of the strictest server and the limits of both kinds', async () => {
    expect((await deliver(lines())).told).toEqual({ taken: LINES, repeated: 0, refused: 0, left: 0 });
    expect(server.broken).toEqual([]);
    expect(server.calls).toHaveLength(4);
    await deliver(lines(), { maxBatchBytes: 1_000 });
    for (const { body } of server.calls.slice(4)) expect(body.length).toBeLessThanOrEqual(1_000);
  });

  test('of nothing asks for nothing', async () => {
    expect((await deliver([])).requests).toEqual({ sent: 0, retried: 0 });
  });

  test('sends only what a busy node rejected again, until it is taken', async () => {
    const rejected = of(3, 60, 61, 199);
    const times = new Map<string, number>();
    server.script = () => ({
      item: ({ id }: BulkItem) => {
        times.set(id, (times.get(id) ?? 0) + 1);
        return rejected.has(id) && (times.get(id) ?? 0) < 3 ? busy : undefined;
      },
    });
    expect((await deliver(lines())).told).toEqual({ taken: LINES, repeated: 0, refused: 0, left: 0 });
    expect(server.documents.size).toBe(LINES);
    for (const [id, count] of times) expect(count, id).toBe(rejected.has(id) ? 3 : 1);
  });

  test('gives up on what is rejected for ever, after eight attempts', async () => {
    server.script = () => ({ item: ({ id }: BulkItem) => (of(7).has(id) ? busy : undefined) });
    const { told, fates } = await deliver(lines());
    expect(told).toEqual({ taken: LINES - 1, repeated: 0, refused: 0, left: 1 });
    expect(fates.get('id-7')).toMatchObject({ reason: expect.stringContaining('429') });
    expect(server.calls).toHaveLength(4 + 7);
  });

  test('ends at the deadline, with everything told', async () => {
    server.script = () => ({ status: 503 });
    const start = performance.now();
    const { told } = await deliver(lines(), { milliseconds: 0 });
    expect(told).toEqual({ taken: 0, repeated: 0, refused: 0, left: LINES });
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test.each([
    ['429 for all of it', { status: 429 }],
    ['503 for all of it', { status: 503 }],
    ['502 from something in between', { status: 502, text: '<html>bad gateway</html>' }],
    ['an answer of nonsense', { status: 200, text: 'OK' }],
    ['an answer of other items', { status: 200, text: '{"items":[]}' }],
  ])('goes on after %s, twice', async (_, answer) => {
    server.script = (_items, index) => (index < 2 ? answer : undefined);
    expect((await deliver(lines())).told).toEqual({ taken: LINES, repeated: 0, refused: 0, left: 0 });
  });

  test('counts as there before what was taken by a request that was never answered', async () => {
    server.script = (_items, index) => (index === 0 ? 'cut' : undefined);
    expect((await deliver(lines())).told).toEqual({ taken: LINES - 50, repeated: 50, refused: 0, left: 0 });
    expect(server.documents.size).toBe(LINES);
  });

  test('refuses what cannot be indexed, with the reason, and takes the rest', async () => {
    const poison = { status: 400, type: 'mapper_parsing_exception', reason: 'failed to parse field [readOnly]' };
    server.script = () => ({ item: ({ id }: BulkItem) => (of(0, 77).has(id) ? poison : undefined) });
    const { told, fates } = await deliver(lines());
    expect(told).toEqual({ taken: LINES - 2, repeated: 0, refused: 2, left: 0 });
    expect(fates.get('id-77')).toEqual({
      kind: 'refused',
      reason: '400: mapper_parsing_exception: failed to parse field [readOnly]',
    });
    expect(server.calls).toHaveLength(4);
  });

  test('halves what is too large until it fits, and refuses the one line that never does', async () => {
    server.maxBytes = 1_500;
    const huge = lines(1)[0];
    const large = { id: 'large', index: 'x', text: `${huge?.text.split('\n')[0]}\n{"a":"${'x'.repeat(2_000)}"}\n` };
    const { told, fates } = await deliver([...lines(100), large]);
    expect(told).toEqual({ taken: 100, repeated: 0, refused: 1, left: 0 });
    expect(fates.get('large')).toMatchObject({ kind: 'refused', reason: expect.stringContaining('413') });
  });

  test('finds the one line for whose sake a whole batch is refused', async () => {
    server.script = (items) => (items.some(({ id }) => of(13).has(id)) ? { status: 400, text: 'no' } : undefined);
    const { told, fates } = await deliver(lines());
    expect(told).toEqual({ taken: LINES - 1, repeated: 0, refused: 1, left: 0 });
    expect(fates.get('id-13')?.kind).toBe('refused');
  });

  test.each([401, 403, 404])('asks no more once the answer is %i', async (status) => {
    server.script = () => ({ status });
    const { told } = await deliver(lines(), { maxBatchRecords: 10 });
    expect(told).toEqual({ taken: 0, repeated: 0, refused: 0, left: LINES });
    expect(server.calls.length).toBeLessThanOrEqual(2);
  });

  test('of lines nobody listens for leaves them', async () => {
    await server.close();
    const { told } = await deliver(lines());
    expect(told).toEqual({ taken: 0, repeated: 0, refused: 0, left: LINES });
    server = await startBulkServer();
  });

  test('has at most two requests on their way', async () => {
    let most = 0;
    let now = 0;
    const output = {
      ...openOutput({
        output: 'bulk',
        endpoint: server.endpoint,
        access: { kind: 'none' },
        prefix: 'c',
        raw: false,
        maxBatchBytes: 1e6,
        maxBatchRecords: 5,
      }),
      async post(_body: Uint8Array, count: number) {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 5));
        now--;
        return { kind: 'lines' as const, lines: Array.from({ length: count }, () => ({ kind: 'taken' as const })) };
      },
    };
    const delivery = new BatchDelivery<OutputLine>(output, within(10_000), () => undefined);
    for (const line of lines(100)) await delivery.accept(line);
    await delivery.settle();
    expect(most).toBe(2);
  });
});
