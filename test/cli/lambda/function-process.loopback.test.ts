import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type FunctionProcess, startFunction } from '../../../cli/lambda/function-process.ts';

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function start(source: string, timeoutMs = 10_000) {
  const taskRoot = mkdtempSync(join(tmpdir(), 'trailbell-'));
  undo.push(() => rmSync(taskRoot, { recursive: true }));
  writeFileSync(join(taskRoot, 'index.mjs'), source);
  const lines: string[] = [];
  const onLine = (line: string) => lines.push(line);
  const process: FunctionProcess = await startFunction({
    taskRoot,
    handler: 'index.handler',
    environment: { ALERT_AT: 'high' },
    memoryMb: 128,
    timeoutMs,
    onLine,
  });
  undo.push(() => process.stop());
  return { process, lines };
}

const failure = (errorType: unknown, errorMessage: unknown) =>
  expect.objectContaining({ ok: false, error: expect.objectContaining({ errorType, errorMessage }) });

describe('a function that works', () => {
  test('is given the event as it was sent, and its answer comes back', async () => {
    const { process } = await start('export const handler = async (event) => ({ got: event });');
    const event = { awslogs: { data: 'H4sI' }, 'zone é': [1, null] };
    expect(await process.invoke(event)).toEqual({ ok: true, response: { got: event } });
    expect(process.initMs).toBeGreaterThan(0);
  });

  test('keeps its state from one invocation to the next', async () => {
    const { process } = await start('let n = 0; export const handler = async () => ++n;');
    expect(await process.invoke({})).toEqual({ ok: true, response: 1 });
    expect(await process.invoke({})).toEqual({ ok: true, response: 2 });
  });

  test('is given invocations that overlap one after the other', async () => {
    const { process } = await start(`let open = 0;
      export const handler = async () => { open++; await new Promise((r) => setTimeout(r, 30)); return open--; };`);
    const results = await Promise.all([process.invoke(1), process.invoke(2), process.invoke(3)]);
    expect(results).toEqual(Array(3).fill({ ok: true, response: 1 }));
  });

  test('answers null when it returns nothing', async () => {
    const { process } = await start('export const handler = async () => {};');
    expect(await process.invoke({})).toEqual({ ok: true, response: null });
  });

  test('has the context Lambda gives', async () => {
    const { process } = await start(`export const handler = async (event, c) =>
      ({ ...c, left: c.getRemainingTimeInMillis() });`);
    const result = await process.invoke({});
    expect(result).toMatchObject({
      response: {
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionName: 'trailbell-alert',
        memoryLimitInMB: '128',
        invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:trailbell-alert',
      },
    });
    const { left } = (result as { response: { left: number } }).response;
    expect(left).toBeGreaterThan(5_000);
    expect(left).toBeLessThanOrEqual(10_000);
  });

  test('sees the variables it was given and none of ours', async () => {
    const { process } = await start('export const handler = async () => process.env;');
    const result = (await process.invoke({})) as { response: Record<string, string> };
    expect(result.response).toMatchObject({ ALERT_AT: 'high', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128' });
    expect(result.response).not.toHaveProperty('HOME');
    expect(result.response).not.toHaveProperty('PATH');
  });

  test('has had every line it wrote passed on once it is stopped', async () => {
    const { process, lines } = await start(`console.log('loaded');
      export const handler = async () => { console.log('one'); console.error('two'); process.stdout.write('cut'); };`);
    await process.invoke({});
    await process.stop();
    expect([...lines].sort()).toEqual(['cut', 'loaded', 'one', 'two']);
  });
});

describe('a function that fails', () => {
  test('gives the type, the message and the stack of what it threw, and works on', async () => {
    const { process } = await start(`export const handler = async (event) => {
      if (event.bad) throw new RangeError('too far');
      return 'fine';
    };`);
    const result = await process.invoke({ bad: true });
    expect(result).toEqual(failure('RangeError', 'too far'));
    expect(result).toMatchObject({
      error: { stackTrace: expect.arrayContaining([expect.stringContaining('index.mjs')]) },
    });
    expect(await process.invoke({})).toEqual({ ok: true, response: 'fine' });
  });

  test.each([
    ['a module that throws', "throw new TypeError('no settings');", 'TypeError', 'no settings'],
    [
      'a missing handler',
      'export const other = 1;',
      'Runtime.HandlerNotFound',
      'index.mjs exports no function handler',
    ],
    ['a syntax error', 'export const = 1;', 'SyntaxError', expect.any(String)],
    ['an exit while loading', 'process.exit(3);', 'Runtime.ExitError', 'the process ended with exit code 3'],
  ])('answers every invocation with the initialisation error: %s', async (_, source, type, message) => {
    const { process } = await start(source);
    expect(await process.invoke({})).toEqual(failure(type, message));
    expect(await process.invoke({})).toEqual(failure(type, message));
  });

  test('that never finishes loading is given up', async () => {
    const { process } = await start('await new Promise((r) => setTimeout(r, 60_000));', 400);
    expect(await process.invoke({})).toEqual(failure('Sandbox.Timedout', 'initialisation took longer than 400 ms'));
  });

  test.each([
    ['process.exit(7)', 'the process ended with exit code 7'],
    ["process.kill(process.pid, 'SIGKILL')", 'the process ended with signal SIGKILL'],
    ["setTimeout(() => { throw new Error('stray'); })", 'the process ended with exit code 1'],
  ])('in mid-invocation by %s answers with how it ended', async (death, message) => {
    const { process } = await start(
      `export const handler = () => new Promise(() => { ${death}; setInterval(() => {}, 1e6); });`,
    );
    expect(await process.invoke({})).toEqual(failure('Runtime.ExitError', message));
    expect(await process.invoke({})).toEqual(failure('Runtime.ExitError', message));
  });

  test.each([
    ['waits', 'await new Promise((r) => setTimeout(r, 60_000));'],
    ['spins', 'for (;;);'],
  ])('to answer in time because it %s is ended', async (_, body) => {
    const { process } = await start(`export const handler = async () => { ${body} };`, 800);
    expect(await process.invoke({})).toEqual(
      failure('Sandbox.Timedout', expect.stringContaining('timed out after 0.80')),
    );
    expect(await process.invoke({})).toEqual(failure('Sandbox.Timedout', 'an earlier invocation timed out'));
  });

  test('by answering more than 6 MB fails that invocation alone', async () => {
    const { process } = await start("export const handler = async (bytes) => 'x'.repeat(bytes);");
    expect(await process.invoke(6 * 1024 * 1024)).toEqual(failure('Function.ResponseSizeTooLarge', expect.any(String)));
    expect(await process.invoke(6 * 1024 * 1024 - 2)).toMatchObject({ ok: true });
  });

  test('cannot be sent more than 6 MB', async () => {
    const { process } = await start('export const handler = async () => 1;');
    expect(await process.invoke('x'.repeat(6 * 1024 * 1024))).toEqual(
      failure('RequestEntityTooLargeException', expect.any(String)),
    );
  });
});

test('stopping twice, and invoking after that, ends well', async () => {
  const { process } = await start('export const handler = async () => 1;');
  await process.stop();
  await process.stop();
  expect(await process.invoke({})).toMatchObject({ ok: false });
});
