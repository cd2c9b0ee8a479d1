import { afterEach, expect, test } from 'vitest';
import { type RuntimeApi, startRuntimeApi } from '../../../cli/lambda/runtime-api.ts';

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:trailbell-alert';
let api: RuntimeApi;

afterEach(() => api.close());

const url = (path: string) => `http://${api.address}/2018-06-01/runtime/${path}`;
const post = (path: string, body: string) => fetch(url(path), { method: 'POST', body });

async function next() {
  const response = await fetch(url('invocation/next'));
  return {
    id: response.headers.get('lambda-runtime-aws-request-id'),
    headers: response.headers,
    event: await response.json(),
  };
}

test('the next request carries the event and the headers of the contract', async () => {
  api = await startRuntimeApi(ARN);
  const before = Date.now();
  void api.invoke({ a: 1 }, 5_000);
  const { id, headers, event } = await next();
  expect(event).toEqual({ a: 1 });
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(Number(headers.get('lambda-runtime-deadline-ms'))).toBeGreaterThanOrEqual(before + 5_000);
  expect(headers.get('lambda-runtime-invoked-function-arn')).toBe(ARN);
  expect(headers.get('lambda-runtime-trace-id')).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$/);
});

test('a next request waits for an event', async () => {
  api = await startRuntimeApi(ARN);
  const waiting = next();
  await api.ready;
  const result = api.invoke('late', 5_000);
  const { id, event } = await waiting;
  expect(event).toBe('late');
  expect((await post(`invocation/${id}/response`, '{"done":true}')).status).toBe(202);
  expect(await result).toEqual({ ok: true, response: { done: true } });
});

test('an answer is taken once, and only for an invocation that is open', async () => {
  api = await startRuntimeApi(ARN);
  const result = api.invoke(1, 5_000);
  const { id } = await next();
  expect((await post(`invocation/${id}/error`, '{"errorType":"E","errorMessage":"m","stackTrace":["s"]}')).status).toBe(
    202,
  );
  expect((await post(`invocation/${id}/response`, '1')).status).toBe(400);
  expect((await post('invocation/00000000-0000-4000-8000-000000000000/response', '1')).status).toBe(400);
  expect((await post('elsewhere', '1')).status).toBe(404);
  expect((await fetch(url('invocation/other'))).status).toBe(404);
  expect(await result).toEqual({ ok: false, error: { errorType: 'E', errorMessage: 'm', stackTrace: ['s'] } });
});

test.each(['', 'null', '[]', '{"errorType":5}', 'not json'])(
  'an error body of %j still makes an error',
  async (body) => {
    api = await startRuntimeApi(ARN);
    const result = api.invoke(1, 5_000);
    await post(`invocation/${(await next()).id}/error`, body);
    expect(await result).toMatchObject({ ok: false, error: { errorType: 'Runtime.Unknown', stackTrace: [] } });
  },
);

test('an answer that is not JSON fails the invocation', async () => {
  api = await startRuntimeApi(ARN);
  const result = api.invoke(1, 5_000);
  await post(`invocation/${(await next()).id}/response`, '{');
  expect(await result).toMatchObject({ ok: false, error: { errorType: 'Runtime.MarshalError' } });
});

test('an event nobody fetches times out, and is not handed out later', async () => {
  api = await startRuntimeApi(ARN);
  expect(await api.invoke('old', 50)).toMatchObject({ ok: false, error: { errorType: 'Sandbox.Timedout' } });
  void api.invoke('new', 5_000);
  expect((await next()).event).toBe('new');
});

test('a next request that went away is not given an event', async () => {
  api = await startRuntimeApi(ARN);
  const gone = new AbortController();
  const first = fetch(url('invocation/next'), { signal: gone.signal });
  await api.ready;
  gone.abort();
  await expect(first).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 50));
  void api.invoke('kept', 5_000);
  expect((await next()).event).toBe('kept');
});

test('closing answers what is open', async () => {
  api = await startRuntimeApi(ARN);
  const result = api.invoke(1, 5_000);
  await api.close();
  expect(await result).toMatchObject({ ok: false, error: { errorType: 'Sandbox.Closed' } });
});
