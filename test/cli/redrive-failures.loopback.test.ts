import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redriveCommand } from '../../cli/redrive.ts';
import { eventOf, record } from '../support/payloads.ts';
import { runCommand } from './command-line.ts';
import { ACCOUNT, type LoopbackStack, REGION, startStack } from './redrive/loopback-stack.ts';

let stack: LoopbackStack;
let outputs: string;

beforeEach(async () => {
  stack = await startStack();
  outputs = await stack.outputs();
});

afterEach(() => stack.close());

const redrive = (options: Record<string, string | boolean> = {}, inputs: readonly string[] = []) =>
  runCommand(redriveCommand, inputs, { failures: true, outputs, rate: '100', ...options });

const ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:trailbell-alert:live`;
const EVENT = eventOf([record('DeleteVolume')]);
const BATCH = {
  Records: [{ eventSource: 'aws:kinesis', kinesis: { sequenceNumber: '495', data: EVENT.awslogs.data } }],
};

/** What Lambda writes of an asynchronous invocation it gave up. */
const failedEvent = (changes: object = {}) => ({
  version: '1.0',
  timestamp: '2026-11-20T12:00:00.000Z',
  requestContext: {
    requestId: '11111111-2222-4333-8444-555555555555',
    functionArn: ARN,
    condition: 'RetriesExhausted',
    approximateInvokeCount: 3,
  },
  requestPayload: EVENT,
  responseContext: { statusCode: 200, executedVersion: '7', functionError: 'Unhandled' },
  responsePayload: { errorType: 'UndeliveredError', errorMessage: '1 finding(s) not delivered' },
  ...changes,
});

/** What Lambda writes of a batch it gave up. */
const failedBatch = (payload: unknown = JSON.stringify(BATCH)) => ({
  requestContext: {
    requestId: '11111111-2222-4333-8444-555555555555',
    functionArn: ARN,
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: 6,
  },
  responseContext: { statusCode: 200, executedVersion: '7', functionError: 'Unhandled' },
  version: '1.0',
  timestamp: '2026-11-20T12:00:00.000Z',
  KinesisBatchInfo: { shardId: 'shardId-000000000001', batchSize: 1 },
  payload,
});

const async = (name: string) => `async/trailbell-alert/2026/11/20/${name}`;
const PATH = '/2015-03-31/functions/trailbell-alert/invocations?Qualifier=live';

describe('redrive --failures', () => {
  it('gives the function each event again and takes the object away', async () => {
    await stack.store(async('a'), failedEvent());
    await stack.store(async('b'), failedEvent({ requestPayload: JSON.stringify(EVENT) }));
    const { code, stdout } = await redrive();
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'sent 2, sent before 0, left 0\n' });
    expect(stack.lambda.invocations).toEqual(Array(2).fill({ path: PATH, type: 'Event', payload: EVENT }));
    expect(await stack.stored()).toEqual([]);
  });

  it.each([
    ['as text', JSON.stringify(BATCH)],
    ['as JSON', BATCH],
  ])('waits for what the function says of a batch that is stored %s', async (_, payload) => {
    await stack.store('mapping/shardId-1/a', failedBatch(payload));
    stack.lambda.answer = () => ({ status: 200, payload: { batchItemFailures: [] } });
    expect((await redrive()).code).toBe(0);
    expect(stack.lambda.invocations).toEqual([{ path: PATH, type: 'RequestResponse', payload: BATCH }]);
    expect(await stack.stored()).toEqual([]);
  });

  it.each([
    [
      'of which an item failed',
      { status: 200, payload: { batchItemFailures: [{ itemIdentifier: '495' }] } },
      'failed again on 1 item',
    ],
    [
      'that failed',
      { status: 200, error: 'Unhandled', payload: { errorType: 'DecodeError' } },
      'failed again: {"errorType":"DecodeError"}',
    ],
    ['that got no batch response', { status: 200, payload: { received: 1 } }, 'gave no batch response'],
  ])('leaves a batch %s', async (_, answer, words) => {
    await stack.store('mapping/shardId-1/a', failedBatch());
    stack.lambda.answer = () => answer;
    const { code, stdout, stderr } = await redrive();
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'sent 0, sent before 0, left 1\n' });
    expect(stderr).toContain(words);
    expect(await stack.stored()).toEqual(['mapping/shardId-1/a']);
  });

  it('leaves what Lambda refuses, and stops when it refuses everything', async () => {
    for (const name of 'abcdefgh') await stack.store(async(name), failedEvent());
    stack.lambda.answer = () => ({ status: 403, error: 'AccessDeniedException', payload: { Message: 'no' } });
    const { code, stdout, stderr } = await redrive();
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'sent 0, sent before 0, left 5\n' });
    expect(stderr).toContain('may not lambda:InvokeFunction');
    expect(stderr).toContain('5 in a row were refused');
    expect(await stack.stored()).toHaveLength(8);
  });

  it('takes no more than it may, and the rest another time', async () => {
    for (const name of 'abcdef') await stack.store(async(name), failedEvent());
    expect((await redrive({ max: '4' })).stdout).toBe('sent 4, sent before 0, left 0\n');
    expect(await stack.stored()).toEqual([async('e'), async('f')]);
    expect((await redrive()).stdout).toBe('sent 2, sent before 0, left 0\n');
    expect(stack.lambda.invocations).toHaveLength(6);
  });

  it('leaves the objects when it is told to keep them', async () => {
    await stack.store(async('a'), failedEvent());
    expect((await redrive({ keep: true })).code).toBe(0);
    expect(stack.lambda.invocations).toHaveLength(1);
    expect(await stack.stored()).toEqual([async('a')]);
  });

  it('does nothing but list in a dry run', async () => {
    await stack.store(async('a'), failedEvent());
    await stack.store('mapping/shardId-1/b', failedBatch());
    const { code, stdout } = await redrive({ 'dry-run': true });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^aws\/lambda\/async\/trailbell-alert\/2026\/11\/20\/a {2}\S+Z {2}an event, \d+ bytes, RetriesExhausted\n/,
    );
    expect(stdout).toMatch(
      /b {2}\S+Z {2}a batch, \d+ bytes, RetryAttemptsExhausted\nwould send 2, sent before 0, left 0\n$/,
    );
    expect(stack.lambda.invocations).toEqual([]);
    expect(await stack.stored()).toHaveLength(2);
  });

  it.each([
    [
      'another function',
      failedEvent({ requestContext: { functionArn: ARN.replace('alert:live', 'digest') } }),
      'is of the function trailbell-digest',
    ],
    [
      'another account',
      failedEvent({ requestContext: { functionArn: ARN.replace(ACCOUNT, '444455556666') } }),
      'in 444455556666',
    ],
    ['nothing', failedEvent({ requestPayload: undefined }), 'it holds no event'],
    ['no function', failedEvent({ requestContext: {} }), 'requestContext.functionArn is not what Lambda writes'],
    ['text', 'not JSON', 'is no failed invocation'],
  ])('leaves objects of %s', async (_, object, words) => {
    await stack.store(async('a'), object);
    const { code, stderr } = await redrive();
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(stack.lambda.invocations).toEqual([]);
    expect(await stack.stored()).toEqual([async('a')]);
  });

  it('names a bucket that is not there', async () => {
    const { code, stderr } = await redrive({}, ['no-such-bucket']);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no bucket no-such-bucket');
  });

  it('keeps to its rate', async () => {
    for (const name of 'abcdef') await stack.store(async(name), failedEvent());
    const start = performance.now();
    await redrive({ rate: '10' });
    expect(performance.now() - start).toBeGreaterThan(480);
  });
});
