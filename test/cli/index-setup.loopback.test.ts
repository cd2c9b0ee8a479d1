import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setupOptions } from '../../cli/index-setup/options.ts';
import { indexSetupCommand } from '../../cli/index-setup.ts';
import { UsageError } from '../../cli/usage-error.ts';

let server: Server;
let endpoint: string;
let puts: { readonly path: string; readonly body: Record<string, unknown> }[];
/** The retention policy's version, once there is one. */
let version: number | undefined;
let failing: number | undefined;

beforeEach(async () => {
  puts = [];
  version = undefined;
  failing = undefined;
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const say = (status: number, value: object) => response.writeHead(status).end(JSON.stringify(value));
      const url = new URL(request.url ?? '', 'http://127.0.0.1');
      if (failing !== undefined) return say(failing, { error: 'no' });
      if (request.method === 'GET') {
        return version === undefined ? say(404, {}) : say(200, { _seq_no: version, _primary_term: 1, policy: {} });
      }
      if (url.pathname.startsWith('/_plugins/_ism/')) {
        const named = url.searchParams.get('if_seq_no');
        if (named !== (version === undefined ? null : String(version))) return say(409, { error: 'version conflict' });
        version = (version ?? 0) + 1;
      }
      puts.push({ path: url.pathname, body: JSON.parse(body) });
      return say(200, { acknowledged: true });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function run(options: Record<string, string | boolean>) {
  const out: string[] = [];
  const io = { root: '/', out: async (line: string) => void out.push(line), say: () => undefined };
  const code = await indexSetupCommand.run({ inputs: [], options: { endpoint, ...options } }, io);
  return { code, out: out.join('') };
}

describe('index-setup', () => {
  test('puts the retention policy and the template, and says so', async () => {
    expect(await run({ 'retention-days': '30' })).toEqual({
      code: 0,
      out: 'retention policy cloudtrail-retention\nindex template cloudtrail-records\n',
    });
    expect(puts.map(({ path }) => path)).toEqual([
      '/_plugins/_ism/policies/cloudtrail-retention',
      '/_index_template/cloudtrail-records',
    ]);
  });

  test('may be repeated: a policy that is there is replaced under its version', async () => {
    await run({ 'retention-days': '30' });
    await run({ 'retention-days': '60' });
    await run({ 'retention-days': '90' });
    expect(version).toBe(3);
    expect(JSON.stringify(puts[4]?.body)).toContain('"121d"');
  });

  test('talks to plain Elasticsearch in its own words', async () => {
    await run({ engine: 'elasticsearch', prefix: 'aws-audit', 'retention-days': '30', shards: '3', replicas: '0' });
    expect(puts).toMatchObject([
      { path: '/_ilm/policy/aws-audit-retention' },
      {
        path: '/_index_template/aws-audit-records',
        body: {
          index_patterns: ['aws-audit-*'],
          template: { settings: { number_of_shards: 3, number_of_replicas: 0 } },
        },
      },
    ]);
  });

  test('prints the requests and sends none in a dry run', async () => {
    const { out } = await run({ 'dry-run': true, 'retention-days': '30' });
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).path),
    ).toEqual(['/_plugins/_ism/policies/cloudtrail-retention', '/_index_template/cloudtrail-records']);
    expect(puts).toEqual([]);
  });

  test.each([
    [403, /index template .*HTTP 403.*map the role/],
    [401, /HTTP 401.*check the authorization/],
    [400, /HTTP 400/],
  ])('says what is missing when the answer is %i', async (status, words) => {
    failing = status;
    await expect(run({})).rejects.toMatchObject({ code: 'index_not_set_up', message: expect.stringMatching(words) });
  });
});

describe('the options of index-setup', () => {
  const read = (options: Record<string, string>) => setupOptions({ inputs: [], options });

  test.each([
    ['https://search-trail-abc.eu-central-1.es.amazonaws.com', 'es', 'opensearch', 'eu-central-1'],
    ['https://vpc-trail-abc.us-gov-west-1.es.amazonaws.com', 'es', 'opensearch', 'us-gov-west-1'],
    ['https://abc123.us-east-1.aoss.amazonaws.com', 'aoss', 'serverless', 'us-east-1'],
    ['https://search.example.com', 'none', 'opensearch', undefined],
  ])('for %s are %s, %s, %s by themselves', (address, authorization, engine, region) => {
    expect(read({ endpoint: address })).toMatchObject({ authorization, index: { engine }, region });
  });

  test('prefer a secret that is named', () => {
    const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:index-AbCdEf';
    expect(read({ endpoint: 'https://search-a.eu-central-1.es.amazonaws.com', secret }).authorization).toBe('secret');
  });

  test.each([
    [{}, '--endpoint is missing'],
    [{ endpoint: 'http://search.example.com' }, '--endpoint is not an https URL'],
    [{ endpoint: 'https://a.example.com', engine: 'solr' }, '--engine is not opensearch, elasticsearch, serverless'],
    [{ endpoint: 'https://a.example.com', shards: '0' }, '--shards is not from 1 to 1024'],
    [{ endpoint: 'https://a.example.com', 'retention-days': '1e3' }, '--retention-days is not from 1 to 36500'],
    [{ endpoint: 'https://a.example.com', prefix: '_all' }, '--prefix is not'],
    [{ endpoint: 'https://a.example.com', authorization: 'secret' }, '--secret is missing'],
    [{ endpoint: 'https://a.us-east-1.aoss.amazonaws.com', 'retention-days': '9' }, 'data lifecycle policies'],
  ])('%j are wrong usage', (options, words) => {
    expect(() => read(options)).toThrow(UsageError);
    expect(() => read(options)).toThrow(words);
  });
});
