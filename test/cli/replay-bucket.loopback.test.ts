import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayCommand } from '../../cli/replay.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { trailFile } from '../support/s3.ts';
import { runCommand } from './command-line.ts';
import { BUCKET, keyOf, recordsFrom, startTrail, type Trail } from './run/trail.ts';

let trail: Trail;

beforeAll(async () => {
  trail = await startTrail();
  for (let file = 0; file < 30; file++) {
    const account = file % 2 === 0 ? '111122223333' : '123456789012';
    await trail.put(keyOf(file, { account }), trailFile(recordsFrom(file * 10, 10)));
  }
  await trail.put(keyOf('d', { kind: 'CloudTrail-Digest' }), trailFile([]));
  await trail.put(keyOf('i', { kind: 'CloudTrail-Insight' }), trailFile([]));
  await trail.put(
    'exports/a.ndjson.gz',
    gzipSync(
      recordsFrom(500, 5)
        .map((one) => `${JSON.stringify(one)}\n`)
        .join(''),
    ),
  );
  await trail.put('exports/notes.txt', 'x');
  await trail.put(keyOf('broken', { prefix: 'bad/' }), 'not gzip');
  await trail.put(keyOf('sound', { prefix: 'bad/' }), trailFile(recordsFrom(900, 3)));
}, 60_000);
afterAll(() => trail.close());

const replay = (place: string, options = {}) => runCommand(replayCommand, [place], { json: true, ...options });

describe('replay s3://BUCKET/PREFIX', () => {
  it('reads every log file of a trail, and counts what it skips', async () => {
    const { code, stdout, stderr } = await replay(`s3://${BUCKET}/AWSLogs`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ received: 300 });
    expect(stderr).toContain('trailbell: 2 object(s) skipped that hold no records of calls\n');
  });

  it('lists no folders of other days where there are times', async () => {
    const { stdout } = await replay(`s3://${BUCKET}/AWSLogs/111122223333`, {
      since: '2026-11-20',
      until: '2026-11-21',
    });
    expect(JSON.parse(stdout)).toMatchObject({ received: 150, outside: 0 });
    const before = await replay(`s3://${BUCKET}/AWSLogs/`, { until: '2026-10-01' });
    expect(JSON.parse(before.stdout)).toMatchObject({ received: 0, outside: 0 });
  });

  it('reads what else could hold records', async () => {
    const { stdout, stderr } = await replay(`s3://${BUCKET}/exports/`);
    expect(JSON.parse(stdout)).toMatchObject({ received: 5, rejected: 0 });
    expect(stderr).toContain('1 object(s) skipped');
  });

  it('names an object that is damaged, and goes on', async () => {
    const { code, stdout, stderr } = await replay(`s3://${BUCKET}/bad/`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/bad\/AWSLogs\/.*_broken\.json\.gz: neither JSON nor lines of JSON/);
    expect(JSON.parse(stdout)).toMatchObject({ received: 4, rejected: 1 });
  });

  it('says that there is no such bucket', async () => {
    const { code, stderr } = await replay('s3://not-a-bucket-of-ours/');
    expect(code).toBe(1);
    expect(stderr).toContain('there is no bucket not-a-bucket-of-ours');
  });

  it('takes nothing for a place that is none', async () => {
    await expect(replay('s3://X')).rejects.toThrow(UsageError);
  });
});
