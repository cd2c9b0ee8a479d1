import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { indexEvent } from '../../function/indexing/index-event.ts';
import { noAuthorization } from '../../function/sinks/http/authorization.ts';
import { IndexSetupError, setUpIndex } from '../../function/sinks/index-setup.ts';
import { within } from '../support/environment.ts';
import { startOpenSearch } from '../support/opensearch/node.ts';
import { record } from '../support/payloads.ts';
import { differentIn, madeRecords, realRecords } from './corpus.ts';
import { type Lab, queueEvent, startLab } from './lab.ts';

const node = await startOpenSearch();
const absent = 'absent' in node ? node.absent : undefined;
const real = realRecords();
const OPTIONS = { engine: 'opensearch', prefix: 'cloudtrail', shards: 1, replicas: 0 } as const;

afterAll(async () => {
  if ('close' in node) await node.close();
});

describe.skipIf(absent !== undefined)(`a real OpenSearch node (${absent ?? 'there is one'})`, () => {
  const { endpoint, ask } = 'endpoint' in node ? node : { endpoint: new URL('http://127.0.0.1'), ask: neverAsked };
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.close());

  const count = async (index: string, query?: object) => {
    await ask('POST', `/${index}/_refresh`);
    return (await ask('POST', `/${index}/_count`, query && { query })).body['count'];
  };
  const index = async (records: readonly unknown[] | Buffer, raw = false) => {
    const keys = [await lab.put(records)];
    return indexEvent(lab.indexing({ endpoint, raw }), queueEvent(keys), within(120_000));
  };

  test('takes the template, twice, and makes every index by it', async () => {
    const put = () => setUpIndex(endpoint, noAuthorization, { ...OPTIONS, retentionDays: undefined }, within(30_000));
    expect(await put()).toEqual(['index template cloudtrail-records']);
    expect(await put()).toEqual(['index template cloudtrail-records']);
    await index([record('RunInstances', { eventID: 'set-up', eventTime: '2020-01-01T00:00:00Z' })]);
    const { body } = await ask('GET', '/cloudtrail-2020-01');
    expect(body['cloudtrail-2020-01']).toMatchObject({
      settings: {
        index: { number_of_shards: '1', number_of_replicas: '0', mapping: { total_fields: { limit: '8192' } } },
      },
      mappings: { properties: { apiVersion: { type: 'keyword' }, eventTime: { type: 'date' } } },
    });
  });

  test('says that this node has no retention policies, as a set-up error', async () => {
    const put = setUpIndex(endpoint, noAuthorization, { ...OPTIONS, retentionDays: 30 }, within(30_000));
    await expect(put).rejects.toThrow(IndexSetupError);
  });

  test('holds each generated record once, however often it comes', async () => {
    const records = madeRecords();
    const first = await index(records);
    expect(first).toMatchObject({ failedItems: [], figures: { received: records.length, delivered: records.length } });
    expect((await index(records)).figures).toMatchObject({ delivered: 0, repeated: records.length, left: 0 });
    expect(await count('cloudtrail-2026-*')).toBe(records.length);
    expect(await lab.letters()).toEqual([]);
  });

  test.skipIf(real === undefined)('holds every real record once, with nothing refused', async () => {
    const records = real ?? [];
    const before = Number(await count('cloudtrail-*'));
    const { figures } = await index(records, true);
    expect(await lab.letters()).toEqual([]);
    expect(figures).toMatchObject({ received: records.length, deadLettered: 0, left: 0 });
    expect(figures['delivered']).toBe(differentIn(records));
    expect(await count('cloudtrail-*')).toBe(before + differentIn(records));
  });

  test('finds a leaf by its name, a word in the raw text, and a call by its time', async () => {
    const eventTime = '2019-05-06T07:08:09Z';
    const requestParameters = { policyDocument: { Statement: [{ Action: 's3:GetObject' }] }, 'a.b': 12 };
    await index(
      [record('PutBucketPolicy', { eventID: 'search', eventTime, requestParameters, apiVersion: '20190101' })],
      true,
    );
    const found = (query: object) => count('cloudtrail-2019-05', query);
    expect(await found({ term: { 'requestParameters_flattened.Action': 's3:GetObject' } })).toBe(1);
    expect(await found({ term: { 'requestParameters_flattened.a_b': '12' } })).toBe(1);
    expect(await found({ match: { requestParameters_raw: 'policyDocument' } })).toBe(1);
    expect(await found({ range: { eventTime: { gte: '2019-05-06T07:00:00Z', lt: '2019-05-06T08:00:00Z' } } })).toBe(1);
    expect(await found({ term: { apiVersion: '20190101' } })).toBe(1);
  });

  test('takes the same name as a word, a number, a truth and a date, and text that would break a line or a mapping', async () => {
    const eventTime = '2018-03-04T00:00:00Z';
    const values = ['word', 7, 7.5, true, '2018-01-01', null, 'x'.repeat(40_000), 'a\nb\u2028c', '\ud800', '\u0000'];
    const records = values.map((value, at) =>
      record('Odd', { eventID: `odd-${at}`, eventTime, additionalEventData: { value }, requestParameters: { value } }),
    );
    expect((await index(records, true)).figures).toMatchObject({ delivered: values.length, deadLettered: 0, left: 0 });
    expect(await lab.letters()).toEqual([]);
  });

  describe('gives every strange record a fate, and its neighbours their place', () => {
    const levels = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const word = (text: string) => JSON.stringify({ word: text });
    test.each<[string, string, 'indexed' | 'a dead letter']>([
      ['__proto__', '{"__proto__":{"x":"y"},"constructor":"z"}', 'indexed'],
      ['no name', '{"":"x"}', 'a dead letter'],
      ['a blank name', '{" ":"x"}', 'a dead letter'],
      ['a name of dots', '{"..":"x"}', 'a dead letter'],
      ['a name that begins with a dot', '{".a":"x"}', 'a dead letter'],
      ['a name with a dot in it', '{"a.b":"x","a":{"b":"y"}}', 'indexed'],
      ['a name that is an object and a word', '{"c.d":"x","c":"y"}', 'a dead letter'],
      ['a name of 40,000 characters', `{"${'n'.repeat(40_000)}":"x"}`, 'indexed'],
      ['a word of 80,000 bytes', word('é'.repeat(40_000)), 'indexed'],
      ['a word just short enough to be a term', word('€'.repeat(8_191)), 'indexed'],
      ['a word just too long to be one', word('🔔'.repeat(8_192)), 'indexed'],
      ['100 levels', levels(100), 'a dead letter'],
      ['10,000 levels', levels(10_000), 'a dead letter'],
    ])('%s', async (_, json, fate) => {
      const eventTime = '2021-03-04T00:00:00Z';
      const one = (name: string) => JSON.stringify(record(name, { eventTime, eventID: crypto.randomUUID() }));
      const odd = (field: string) => `${one('Odd').slice(0, -1)},"${field}":${json}}`;
      const indexed = (...texts: readonly string[]) => index(gzipSync(`{"Records":[${texts.join()}]}`));
      const outcome = await indexed(one('Before'), odd('additionalEventData'), one('After'));
      const [delivered, deadLettered] = fate === 'indexed' ? [3, 0] : [2, 1];
      expect(outcome).toMatchObject({ failedItems: [], figures: { received: 3, delivered, deadLettered, left: 0 } });
      expect((await lab.letters()).length).toBe(deadLettered);
      // Flattened there is nothing strange about it.
      const flat = await indexed(odd('serviceEventDetails'));
      expect(flat).toMatchObject({ failedItems: [], figures: { delivered: 1, deadLettered: 0, left: 0 } });
    });
  });

  test('refuses one record for good, which is a dead letter with the reason while its neighbours are indexed', async () => {
    const eventTime = '2017-03-04T00:00:00Z';
    const poison = record('Poison', { eventID: 'poison', eventTime, readOnly: 'perhaps' });
    const neighbours = ['before', 'after'].map((eventID) => record('Fine', { eventID, eventTime }));
    const { figures, failedItems } = await index([neighbours[0], poison, neighbours[1]]);
    expect({ figures, failedItems }).toMatchObject({ failedItems: [], figures: { delivered: 2, deadLettered: 1 } });
    const [letter] = await lab.letters();
    expect(letter).toMatchObject({
      id: 'poison',
      index: 'cloudtrail-2017-03',
      reason: expect.stringMatching(/^400: .*readOnly/),
    });
    expect(JSON.parse(letter?.record ?? '')).toEqual(poison);
    expect(await count('cloudtrail-2017-03')).toBe(2);
  });

  test('refuses the record whose names are over the limit of fields, and takes the next with names it knows', async () => {
    const eventTime = '2015-03-04T00:00:00Z';
    const one = (eventID: string, requestParameters: object) =>
      record('Fine', { eventID, eventTime, requestParameters });
    await index([one('first', { known: 'x' })]);
    await ask('PUT', '/cloudtrail-2015-03/_settings', { 'index.mapping.total_fields.limit': 60 });
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`name${at}`, 'x']));
    const outcome = await index([one('many', many), one('next', { known: 'y' })]);
    expect(outcome).toMatchObject({ failedItems: [], figures: { delivered: 1, deadLettered: 1 } });
    expect(await lab.letters()).toMatchObject([
      { id: 'many', reason: expect.stringContaining('Limit of total fields') },
    ]);
  });

  test('leaves the message for another try while the cluster has no room for another index', async () => {
    const records = [record('Fine', { eventID: 'room', eventTime: '2014-03-04T00:00:00Z' })];
    const limit = (shards: number | null) =>
      ask('PUT', '/_cluster/settings', { persistent: { 'cluster.max_shards_per_node': shards } });
    await limit(1);
    expect(await index(records)).toMatchObject({ failedItems: ['m0'], figures: { left: 1, deadLettered: 0 } });
    await limit(null);
    expect(await index(records)).toMatchObject({ failedItems: [], figures: { delivered: 1 } });
  });

  test('leaves the message for another try while the index is closed for writing', async () => {
    const eventTime = '2016-03-04T00:00:00Z';
    const one = (eventID: string) => record('Fine', { eventID, eventTime });
    await index([one('first')]);
    await ask('PUT', '/cloudtrail-2016-03/_settings', { 'index.blocks.write': true });
    expect(await index([one('second')])).toMatchObject({ failedItems: ['m0'], figures: { left: 1, deadLettered: 0 } });
    await ask('PUT', '/cloudtrail-2016-03/_settings', { 'index.blocks.write': false });
    expect(await index([one('second')])).toMatchObject({ failedItems: [], figures: { delivered: 1 } });
  });
});

async function neverAsked(): Promise<never> {
  throw new Error('there is no node');
}
