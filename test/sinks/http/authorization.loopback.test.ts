import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SecretsLoader } from '../../../function/sinks/http/secret.ts';
import { type Access, openOutput } from '../../../function/sinks/open-output.ts';
import { type BulkServer, startBulkServer } from '../../support/bulk-server.ts';
import { within } from '../../support/environment.ts';
import { signatureProblem } from '../../support/sigv4.ts';

const DOCUMENT = Buffer.from('{"create":{"_index":"cloudtrail-2026-11","_id":"a"}}\n{"eventName":"é"}\n');
const SECRET_ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:index-AbCdEf';

let server: BulkServer;
beforeEach(async () => {
  server = await startBulkServer();
});
afterEach(() => server.close());

const outputTo = (endpoint: URL, access: Access) =>
  openOutput({
    ...{ output: 'bulk', endpoint, access, prefix: 'cloudtrail', raw: false },
    ...{ maxBatchBytes: 1_000_000, maxBatchRecords: 100 },
  });
const post = (access: Access, endpoint = server.endpoint) =>
  outputTo(endpoint, access).post(DOCUMENT, 1, within(10_000));
const taken = { kind: 'lines', lines: [{ kind: 'taken' }] };

describe('a signed request', () => {
  test.each([
    ['es', undefined],
    ['aoss', undefined],
    ['es', 'a-session-token'],
  ] as const)(
    'for %s, session token %s, has the signature AWS computes, and the hash of its body',
    async (kind, sessionToken) => {
      const identity = {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'secret',
        ...(sessionToken && { sessionToken }),
      };
      const answer = await post({ kind, region: 'eu-central-1', credentials: async () => identity });
      expect(answer).toMatchObject(taken);
      const [call] = server.calls;
      expect(call && signatureProblem(call, 'secret', kind, 'eu-central-1')).toBeUndefined();
      expect(call && signatureProblem(call, 'other', kind, 'eu-central-1')).toBe('signature');
      expect(call?.headers['x-amz-security-token']).toBe(sessionToken);
    },
  );

  test('is signed for its whole path', async () => {
    const endpoint = new URL('/behind/a/proxy/', server.endpoint);
    const credentials = async () => ({ accessKeyId: 'A', secretAccessKey: 'secret' });
    await post({ kind: 'es', region: 'eu-central-1', credentials }, endpoint);
    const [call] = server.calls;
    expect(call?.path).toBe('/behind/a/proxy/_bulk');
    expect(call && signatureProblem(call, 'secret', 'es', 'eu-central-1')).toBeUndefined();
  });

  test('is not sent where there are no credentials: the output is closed', async () => {
    const credentials = () => Promise.reject(new Error('none'));
    expect(await post({ kind: 'es', region: 'eu-central-1', credentials })).toMatchObject({ kind: 'closed' });
    expect(server.calls).toEqual([]);
  });
});

describe('a secret', () => {
  let secrets: Server;
  let asked = 0;
  let value: string;
  let load: SecretsLoader;

  beforeEach(async () => {
    asked = 0;
    secrets = createServer((request, response) => {
      request.resume();
      asked++;
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ ARN: SECRET_ARN, SecretString: value }));
    });
    await new Promise<void>((resolve) => secrets.listen(0, '127.0.0.1', resolve));
    const client = new SecretsManagerClient({
      endpoint: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' },
    });
    load = async () => ({ client, GetSecretValueCommand });
    server.script = (_items, _index, { headers }) =>
      headers.authorization === 'Basic YWxpY2U6bmV3OndvcmQ=' ? undefined : { status: 401, text: 'no' };
  });
  afterEach(async () => {
    secrets.closeAllConnections();
    await new Promise((resolve) => secrets.close(resolve));
  });
  const access = (): Access => ({ kind: 'secret', secretArn: SECRET_ARN, load });

  test('is asked for once and kept', async () => {
    value = JSON.stringify({ username: 'alice', password: 'new:word' });
    const output = outputTo(server.endpoint, access());
    for (let time = 0; time < 3; time++) expect((await output.post(DOCUMENT, 1, within(10_000))).kind).toBe('lines');
    expect(asked).toBe(1);
  });

  test('that was rotated is asked for again when the server refuses the old one, and the request goes through', async () => {
    value = JSON.stringify({ username: 'alice', password: 'old' });
    const output = outputTo(server.endpoint, access());
    expect(await output.post(DOCUMENT, 1, within(10_000))).toMatchObject({ kind: 'closed' });
    expect(asked).toBe(2);
    value = JSON.stringify({ username: 'alice', password: 'new:word' });
    expect(await output.post(DOCUMENT, 1, within(10_000))).toMatchObject(taken);
  });

  test('may be the whole header, as for API keys', async () => {
    value = JSON.stringify({ authorization: 'ApiKey abc' });
    server.script = (_items, _index, { headers }) =>
      headers.authorization === 'ApiKey abc' ? undefined : { status: 401 };
    expect(await post(access())).toMatchObject(taken);
  });

  test.each(['hunter2', '{"username":"alice"}', '{"authorization":"a\\nb"}', ''])(
    '%j is none, which is said without saying what it is',
    async (text) => {
      value = text;
      const answer = await post(access());
      expect(answer).toMatchObject({
        kind: 'closed',
        reason: expect.stringContaining('is not JSON with username and password'),
      });
      expect(JSON.stringify(answer)).not.toMatch(/hunter2|alice/);
      expect(server.calls).toEqual([]);
    },
  );
});

test('a redirection is not followed: documents and authorization stay where they were meant to go', async () => {
  const elsewhere = await startBulkServer();
  server.script = () => ({ status: 307, headers: { location: `${elsewhere.endpoint}_bulk` } });
  expect(await post({ kind: 'none' })).toMatchObject({ kind: 'closed' });
  expect(elsewhere.calls).toEqual([]);
  await elsewhere.close();
});
