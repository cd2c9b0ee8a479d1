import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bucket } from '../../../cli/backfill/bucket.ts';
import { historyOf } from '../../../cli/backfill/history.ts';
import type { Selection } from '../../../cli/backfill/selection.ts';
import { BUCKET, keyOf, startTrail, type Trail } from '../run/trail.ts';

const NOW = new Date('2026-11-21T18:00:00Z');
const EVERYTHING: Selection = {
  bucket: BUCKET,
  prefix: 'AWSLogs/',
  from: undefined,
  until: undefined,
  accounts: undefined,
  regions: undefined,
};

const DAYS = ['2026/10/31', '2026/11/01', '2026/11/02', '2026/11/20'];
const ACCOUNTS = ['111122223333', '123456789012'];
const REGIONS = ['eu-central-1', 'us-east-1'];

let trail: Trail;
const files: string[] = [];

beforeAll(async () => {
  trail = await startTrail();
  for (const account of ACCOUNTS) {
    for (const region of REGIONS) {
      for (const day of DAYS) {
        for (const time of ['0005', '2355']) files.push(keyOf('a', { account, region, day, time }));
      }
    }
  }
  files.sort();
  for (const key of files) await trail.put(key, 'x');
  await trail.put(keyOf('d', { kind: 'CloudTrail-Digest' }), 'x');
  await trail.put(`AWSLogs/${ACCOUNTS[0]}/vpcflowlogs/x.gz`, 'x');
  await trail.put('other/things.json', 'x');
  // More than a page: a thousand names.
  for (let index = 0; index < 1_205; index++) {
    await trail.put(`many/CloudTrail/${String(index).padStart(5, '0')}_20261101T0000Z.json.gz`, 'x');
  }
}, 60_000);
afterAll(() => trail.close());

async function list(changes: Partial<Selection>, after?: string) {
  const bucket = await Bucket.open(BUCKET);
  const keys: string[] = [];
  for await (const { key } of historyOf(bucket, { ...EVERYTHING, ...changes }, NOW, after)) keys.push(key);
  return { keys, requests: bucket.requests };
}

const withDay = (...days: readonly string[]) => files.filter((key) => days.some((day) => key.includes(`/${day}/`)));

describe('a history', () => {
  it('is every log file of a trail, from wherever it is looked at, digests and strangers left out', async () => {
    expect((await list({})).keys).toEqual(files);
    const whole = (await list({ prefix: '' })).keys;
    expect(whole.slice(0, files.length)).toEqual(files);
    expect(whole.slice(files.length).every((key) => key.startsWith('many/CloudTrail/'))).toBe(true);
    expect(whole).toHaveLength(files.length + 1_205);
    const account = `AWSLogs/${ACCOUNTS[1]}/`;
    const ofAccount = files.filter((key) => key.startsWith(account));
    for (const prefix of [account, `${account}CloudTrail/`]) expect((await list({ prefix })).keys).toEqual(ofAccount);
  });

  it('is more than a thousand files where there are more', async () => {
    expect((await list({ prefix: 'many/' })).keys).toHaveLength(1_205);
    expect((await list({ prefix: 'many/', until: new Date('2026-11-01') })).keys).toEqual([]);
  });

  it('is that of every trail there is, each below a prefix of its own', async () => {
    const [first = ''] = files;
    const others = [`later/${first}`, `AAA/${first}`, `later/deeper/${first}`];
    for (const key of others) await trail.put(`two/${key}`, 'x');
    await trail.put(`two/${first}`, 'x');
    await trail.put('two/elb/AWSLogs/111122223333/elasticloadbalancing/x.gz', 'x');
    const expected = [...others, first].map((key) => `two/${key}`).sort();
    expect((await list({ prefix: 'two/' })).keys).toEqual(expected);
    for (const [index, key] of expected.entries()) {
      expect((await list({ prefix: 'two/' }, key)).keys).toEqual(expected.slice(index + 1));
    }
    await Promise.all([...expected, 'two/elb/AWSLogs/111122223333/elasticloadbalancing/x.gz'].map(trail.remove));
  });

  it('of an organization holds every account, or those that are asked for', async () => {
    const organization = 'org/AWSLogs/o-exampleorg01';
    const keys = files.map((key) => key.replace('AWSLogs', organization)).sort();
    for (const key of keys) await trail.put(key, 'x');
    expect((await list({ prefix: 'org/' })).keys).toEqual(keys);
    expect((await list({ prefix: `${organization}/` })).keys).toEqual(keys);
    const { keys: ofOne } = await list({ prefix: 'org/', accounts: [ACCOUNTS[1] ?? ''], regions: ['us-east-1'] });
    expect(ofOne).toEqual(keys.filter((key) => key.includes(`/${ACCOUNTS[1]}/CloudTrail/us-east-1/`)));
    await Promise.all(keys.map(trail.remove));
  });

  it('has ends, by the time in the names', async () => {
    const from = new Date('2026-11-01T12:00:00Z');
    const until = new Date('2026-11-20T12:00:00Z');
    const { keys } = await list({ from, until });
    expect(keys).toEqual(files.filter((key) => /20261101T2355|20261102T|20261120T0005/.test(key)));
  });

  it('asks for no folder of another day, account or Region', async () => {
    const [from, until] = [new Date('2026-11-01'), new Date('2026-11-02')];
    const one = await list({ from, until, accounts: [ACCOUNTS[1] ?? ''], regions: ['us-east-1'] });
    expect(one.keys).toEqual(
      withDay('2026/11/01').filter((key) => key.includes(ACCOUNTS[1] ?? '') && key.includes('us-east')),
    );
    // Four folders above, and the days around the one.
    expect(one.requests).toBeLessThanOrEqual(3 + 4);
  });

  it('goes on after any key', async () => {
    for (const [index, key] of files.entries()) {
      expect((await list({}, key)).keys).toEqual(files.slice(index + 1));
    }
    expect((await list({ from: new Date('2026-11-01') }, files[9])).keys).toEqual(
      files.slice(10).filter((key) => !key.includes('/2026/10/')),
    );
  });

  it('of a bucket that is not there is refused in words', async () => {
    const bucket = await Bucket.open('not-a-bucket-of-ours');
    await expect(historyOf(bucket, EVERYTHING, NOW).next()).rejects.toThrow('there is no bucket not-a-bucket-of-ours');
  });
});
