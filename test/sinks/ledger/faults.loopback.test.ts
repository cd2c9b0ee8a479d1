import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { dynamoLoader } from '../../../function/sinks/ledger/port.ts';
import { type LedgerFault, refusal, startLedger, type TestLedger } from '../../support/ledger.ts';
import { keysOn, type LedgerRunOptions, runWith } from '../../support/ledger-run.ts';
import { eventOf, record } from '../../support/payloads.ts';

let ledger: TestLedger;
beforeEach(async () => {
  ledger = await startLedger();
});
afterEach(() => ledger.close());

/** As long as a function waits, no longer. */
const run = (event: unknown, options: LedgerRunOptions = {}) => runWith(ledger, event, { patience: 1, ...options });
const ids = (count: number) => Array.from({ length: count }, (_, index) => `event-${index}`);
const deleted = (count: number) =>
  eventOf(ids(count).map((eventID) => record('DeleteVolume', { eventID, requestParameters: { volumeId: eventID } })));
const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

describe('a ledger', () => {
  const FAULTS: readonly [string, LedgerFault][] = [
    ['that is throttled', () => Promise.reject(refusal('ThrottlingException', 400))],
    ['that is in trouble', () => Promise.reject(refusal('InternalServerError', 500))],
    ['that may not be used', () => Promise.reject(refusal('AccessDeniedException', 400))],
    ['whose key may not be used', () => Promise.reject(refusal('KMSAccessDeniedException', 400))],
    ['whose table is gone', () => Promise.reject(refusal('ResourceNotFoundException', 400))],
    ['that resets connections', () => Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))],
    ['that answers after 400 ms', () => wait(400)],
    ['that never answers', () => new Promise<void>(() => {})],
    [
      'that refuses every third call',
      ({ index }) => (index % 3 === 0 ? Promise.reject(refusal('InternalServerError', 500)) : undefined),
    ],
  ];

  test.each(FAULTS)('%s costs at most three seconds and a half, and no finding', async (_, fault) => {
    const { sent, figures, metrics, took, lines } = await run(deleted(40), {
      fault,
      variables: { MESSAGES_PER_MINUTE: '100' },
    });
    const told = new Set(sent.filter(({ topic }) => topic === 'findings').map(({ Message }) => Message));
    const named = ids(40).filter((id) => [...told].some((message) => message.includes(`"${id}"`)));
    const kept = JSON.stringify(await ledger.rows());
    expect(ids(40).filter((id) => !named.includes(id) && !kept.includes(id))).toEqual([]);
    expect(metrics['ledgerFailures']).toBeGreaterThan(0);
    expect(figures).toMatchObject({ 'alerts/findings': 40, undelivered: 0 });
    expect(took).toBeLessThan(3_500);
    expect(lines().find(({ code }) => code === 'ledger_not_available')).toMatchObject({ level: 'warn' });
  });

  test('that is down is asked a few times, not for every finding', async () => {
    const { calls, figures } = await run(deleted(60), {
      fault: () => Promise.reject(refusal('InternalServerError', 500)),
    });
    expect(calls.length).toBeLessThan(45);
    expect(figures).toMatchObject({ 'findings/delivered': 60 });
  });

  test('that never answers gets half of a short time, so that the alerts still go out', async () => {
    const { figures } = await run(deleted(3), {
      fault: () => new Promise<void>(() => {}),
      milliseconds: 600,
    });
    expect(figures).toMatchObject({ 'findings/delivered': 3, undelivered: 0 });
  });

  test('that cannot even be loaded holds nothing back', async () => {
    const loadDynamo = () => Promise.reject(new Error('no such file'));
    const { figures } = await run(deleted(30), { parts: { loadDynamo } });
    expect(figures).toMatchObject({ 'findings/delivered': 30, 'findings/heldBack': 0 });
  });

  test('that takes one call in two for a mark leaves the invocation well', async () => {
    const { figures } = await run(deleted(5), {
      fault: ({ command }) =>
        command === 'BatchWriteItemCommand' ? Promise.reject(refusal('InternalServerError', 500)) : undefined,
    });
    expect(figures).toMatchObject({ 'findings/delivered': 5 });
    expect(figures?.['ledgerFailures']).toBeGreaterThan(0);
  });
});

describe('the real client', () => {
  let mute: Server;
  const sockets = new Set<Socket>();
  beforeAll(async () => {
    mute = createServer((socket) => void sockets.add(socket));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'demo');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'demo');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => mute.close(resolve));
  });
  const port = () => (mute.address() as AddressInfo).port;

  test('gives up on a server that takes connections and says nothing', async () => {
    const loadDynamo = dynamoLoader(`http://127.0.0.1:${port()}`);
    const { figures, took } = await run(deleted(3), { parts: { loadDynamo } });
    expect(figures).toMatchObject({ 'findings/delivered': 3 });
    expect(took).toBeLessThan(3_500);
  });

  test('gives up where nobody listens', async () => {
    const { figures, took } = await run(deleted(3), {
      parts: { loadDynamo: dynamoLoader('http://127.0.0.1:1') },
    });
    expect(figures).toMatchObject({ 'findings/delivered': 3 });
    expect(took).toBeLessThan(2_000);
  });

  test('does what the tests’ own does', async () => {
    const loadDynamo = dynamoLoader(ledger.endpoint);
    await run(deleted(2), { parts: { loadDynamo } });
    const { sent, figures } = await run(deleted(3), { parts: { loadDynamo } });
    expect(keysOn(sent)).toEqual(['event-2']);
    expect(figures).toMatchObject({ ledgerFailures: 0 });
  });
});
