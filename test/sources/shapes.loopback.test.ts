import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceOf, sources } from '../../function/sources/index.ts';
import { BUCKET, KEY, SHAPES } from '../fixtures/lambda-events.ts';
import { record } from '../support/payloads.ts';
import { startBucket, type TestBucket, trailFile } from '../support/s3.ts';

let bucket: TestBucket;
beforeAll(async () => {
  bucket = await startBucket(BUCKET);
  await bucket.put(KEY, trailFile([record('RunInstances'), record('StopInstances')]));
});
afterAll(() => bucket.close());

async function namesIn(event: unknown): Promise<string[]> {
  const names: string[] = [];
  const limits = { maxInflatedBytes: 1e6, region: 'eu-central-1' };
  const objects = { load: bucket.load, remaining: () => 30_000 };
  for await (const unit of sourceOf(event).open(event, { ...limits, objects })) {
    if (unit.kind !== 'data') throw new Error(`not data but ${unit.kind}`);
    for (const { read } of unit.records) names.push(String('unreadable' in read ? read.unreadable : read.eventName));
  }
  return names;
}

describe('an event', () => {
  test.each(SHAPES)('of $shape is accepted by $source alone, and gives each record once', async (shape) => {
    const { source, event, holds } = shape;
    expect(sources.filter((candidate) => candidate.accepts(event)).map(({ name }) => name)).toEqual([source]);
    expect(await namesIn(event)).toEqual(holds === 'the object' ? ['RunInstances', 'StopInstances'] : holds);
  });

  test('of every source is among them', () => {
    expect(new Set(SHAPES.map(({ source }) => source))).toEqual(new Set(sources.map(({ name }) => name)));
  });
});
