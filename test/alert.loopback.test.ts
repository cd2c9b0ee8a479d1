import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startFunction } from '../cli/lambda/function-process.ts';
import { buildBundle, bundleEnvironment } from './support/bundle.ts';
import { eventOf, record } from './support/payloads.ts';
import { type SnsStub, type StubScript, startSnsStub, TAKEN } from './support/sns-stub.ts';

let bundle: Awaited<ReturnType<typeof buildBundle>>;
let stub: SnsStub | undefined;
const undo: (() => Promise<void>)[] = [];

beforeAll(async () => {
  bundle = await buildBundle();
});

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

afterAll(() => bundle.remove());

async function environment(script?: StubScript, changes: Readonly<Record<string, string>> = {}) {
  stub = await startSnsStub(script);
  undo.push(stub.close);
  return { ...bundleEnvironment(stub.endpoint), ...changes };
}

async function start(variables: Readonly<Record<string, string>>, timeoutMs = 20_000) {
  const lines: string[] = [];
  const lambda = await startFunction({
    taskRoot: bundle.taskRoot,
    handler: 'index.handler',
    environment: variables,
    memoryMb: 512,
    timeoutMs,
    onLine: (line) => lines.push(line),
  });
  undo.push(() => lambda.stop());
  return { lambda, lines };
}

describe('the bundle', () => {
  test('is small, and holds none of zod’s languages', () => {
    const scripts = readdirSync(bundle.taskRoot).filter((file) => file.endsWith('.mjs'));
    const text = scripts.map((file) => readFileSync(join(bundle.taskRoot, file), 'utf8')).join('');
    const sizes = new Map(scripts.map((file) => [file, statSync(join(bundle.taskRoot, file)).size]));
    const s3Client = sizes.get('s3-client.mjs') ?? Number.NaN;
    expect([...sizes.values()].reduce((sum, size) => sum + size, -s3Client)).toBe(bundle.bytes);
    expect(bundle.bytes).toBeLessThanOrEqual(490_000);
    // Loaded only for events that name objects.
    expect(s3Client).toBeLessThanOrEqual(310_000);
    expect(text).not.toContain('zod/v4/locales');
    // A word of the German and of the French one.
    expect(text).not.toMatch(/Ungültige Eingabe|Entrée invalide/);
  });

  test('answers a payload, logs it and publishes it', async () => {
    const { lambda, lines } = await start(await environment());
    const result = await lambda.invoke(
      eventOf([
        record('DeleteTrail', { eventSource: 'cloudtrail.amazonaws.com' }),
        record('DescribeInstances', { readOnly: true }),
      ]),
    );
    expect(result).toMatchObject({
      ok: true,
      response: { received: 2, published: 1, 'alerts/delivered': 1, undelivered: 0 },
    });
    await lambda.stop();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'info', eventName: 'DeleteTrail', action: 'publish' },
      { received: 2, functionName: 'trailbell-alert' },
    ]);
    expect(stub?.calls.map(({ topicArn }) => topicArn.split(':').at(-1)).sort()).toEqual([
      'alerts',
      'chat',
      'findings',
    ]);
  });

  test('loads no SNS client for payloads that publish nothing', async () => {
    const { lambda } = await start(await environment(undefined, { AWS_ENDPOINT_URL_SNS: 'no address at all' }));
    expect(await lambda.invoke(eventOf([record('RunInstances')]))).toMatchObject({ ok: true });
  });

  test('names at cold start everything that is not set', async () => {
    const { lambda } = await start({});
    expect(await lambda.invoke(eventOf([]))).toMatchObject({
      ok: false,
      error: {
        errorType: 'SettingsError',
        errorMessage:
          'settings: ALERTS_TOPIC_ARN is not set; FINDINGS_TOPIC_ARN is not set; OPERATIONS_TOPIC_ARN is not set',
      },
    });
  });

  test('fails what it cannot decode under the error’s own name, and goes on', async () => {
    const { lambda } = await start(await environment());
    expect(await lambda.invoke({ awslogs: { data: 'plain text' } })).toMatchObject({
      ok: false,
      error: { errorType: 'DecodeError', errorMessage: 'awslogs.data: not base64' },
    });
    expect(await lambda.invoke({ Records: [] })).toMatchObject({
      ok: false,
      error: { errorType: 'UnsupportedEventError' },
    });
    expect(await lambda.invoke(eventOf([record('RunInstances')]))).toMatchObject({
      ok: true,
      response: { received: 1 },
    });
  });

  test('fails what SNS refuses for good, with every finding named, and goes on', async () => {
    const { lambda, lines } = await start(
      await environment(({ topicArn }) =>
        topicArn.endsWith(':chat') ? { status: 403, code: 'AuthorizationError' } : TAKEN,
      ),
    );
    const event = eventOf(['one', 'two'].map((eventID) => record('DeleteTransitGateway', { eventID })));
    expect(await lambda.invoke(event)).toMatchObject({
      ok: false,
      error: {
        errorType: 'UndeliveredError',
        errorMessage:
          '2 finding(s) not delivered: one to chat (AuthorizationErrorException), two to chat (AuthorizationErrorException)',
      },
    });
    expect(await lambda.invoke(eventOf([record('RunInstances')]))).toMatchObject({ ok: true });
    await lambda.stop();
    expect(lines.some((line) => line.includes('"chat/undelivered":2'))).toBe(true);
  });

  test('answers before its time is up, with what is not delivered named, when SNS never answers', async () => {
    const { lambda, lines } = await start(await environment(() => 'silence'), 4_000);
    expect(await lambda.invoke(eventOf([record('DeleteTransitGateway')]))).toMatchObject({
      ok: false,
      error: { errorType: 'UndeliveredError', errorMessage: expect.stringContaining('(OutOfTime)') },
    });
    await lambda.stop();
    expect(lines.some((line) => line.includes('"undelivered":3'))).toBe(true);
  });
});
