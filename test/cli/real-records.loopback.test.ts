import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backfillCommand } from '../../cli/backfill.ts';
import { reconcileCommand } from '../../cli/reconcile.ts';
import { madeRecords, realRecords } from '../indexing/corpus.ts';
import { runCommand, trailbell } from './command-line.ts';
import { type LoopbackStack, startStack } from './redrive/loopback-stack.ts';
import { start, until } from './run/process.ts';
import { BUCKET, keyOf, notificationOf, startTrail, type Trail } from './run/trail.ts';

const real = realRecords();
const records = real ?? madeRecords();
const WHAT = real ? `${real.length} real records` : `${records.length} made-up records, real ones not being at hand,`;
const EACH = 400;

let stack: LoopbackStack;
let trail: Trail;
let outputs: string;

// Builds the command line, so that no child process below does.
beforeAll(() => trailbell(['run', '--help']));

beforeEach(async () => {
  stack = await startStack();
  trail = await startTrail(new URL(stack.queueUrl).origin);
  outputs = await stack.outputs();
  // Delivered an hour ago.
  const time = new Date(Date.now() - 3_600_000).toISOString();
  const stamp = { day: time.slice(0, 10).replaceAll('-', '/'), time: time.slice(11, 16).replace(':', '') };
  for (let from = 0; from < records.length; from += EACH) {
    await trail.putFile(keyOf(from, stamp), records.slice(from, from + EACH));
    await trail.send(notificationOf(keyOf(from, stamp)));
  }
});
afterEach(async () => {
  await trail.close();
  await stack.close();
});

const idIn = (document: string) => (JSON.parse(document) as { dedupKey?: string }).dedupKey ?? '';

const reconcile = async (send: boolean) => {
  const options = { since: '24h', outputs, rate: '100', send };
  const run = await runCommand(reconcileCommand, [`s3://${BUCKET}/AWSLogs/`], options);
  const [, ...figures] =
    / (\S+) record\(s\), (\S+) finding\(s\): (\S+) sent, (\S+) missed, (\S+) by a count/.exec(run.stdout) ?? [];
  const [read = 0, found = 0, sent = 0, missed = 0, unsure = 0] = figures.map((figure) =>
    Number(figure.replaceAll(',', '')),
  );
  return { ...run, read, found, sent, missed, unsure };
};

describe(`${WHAT} through`, () => {
  it('run --to alerts are all rated, and reconcile proves it; of one that is missed, too', {
    timeout: 300_000,
  }, async () => {
    const one = start('run', '--queue', trail.queueUrl, '--to', 'alerts', '--outputs', outputs);
    await until(async () => {
      const { visible, hidden } = await trail.waiting();
      return visible + hidden === 0;
    });
    one.kill('SIGTERM');
    expect(await one.ended).toBe(0);
    const metrics = one
      .stdout()
      .split('\n')
      .filter((line) => line.includes('"_aws"'))
      .map((line) => JSON.parse(line) as Record<string, number>);
    const sum = (...names: readonly string[]) =>
      metrics.reduce((total, line) => names.reduce((subtotal, name) => subtotal + (line[name] ?? 0), total), 0);
    expect(sum('received')).toBe(records.length);
    expect(sum('whitelisted', 'quiet', 'logged', 'published', 'rejected')).toBe(records.length);

    const documents = (await stack.delivered()).flatMap((body) => (body.startsWith('{') ? [idIn(body)] : []));
    const proof = await reconcile(false);
    expect(proof).toMatchObject({ read: records.length, sent: proof.found - proof.missed - proof.unsure });
    // A ledger that answers too late, on a busy machine, knows less than was sent: nothing was lost all the same.
    if (sum('ledgerFailures') === 0) expect(proof).toMatchObject({ code: 0, missed: 0 });
    const missed = proof.lines.filter((line) => line.startsWith('missed'));
    for (const line of missed) expect(documents.some((document) => line.includes(document))).toBe(true);
    await reconcile(true);
    await stack.delivered();
    expect(await reconcile(false)).toMatchObject({ code: 0, missed: 0, sent: proof.found - proof.unsure });

    // Forgets all, to see which of them no count had a part in; then one of those alone.
    for (const document of documents) await stack.remember('findings', document, 'sent', -3_600);
    const [id = ''] = (await reconcile(false)).lines.flatMap(
      (line) => /^missed .* (\S+) {2}\(findings\)$/.exec(line)?.[1] ?? [],
    );
    for (const document of documents) if (document !== id) await stack.remember('findings', document, 'sent', 3_600);
    expect(await reconcile(false)).toMatchObject({ code: 1, missed: 1 });
    const sending = await reconcile(true);
    expect(sending.lines[0]).toMatch(/^missed .*\(findings\)$/);
    expect(sending.stdout).toContain('sent 1, sent before 0, left 0');
    expect((await stack.delivered()).map(idIn)).toEqual([id]);
    expect(await reconcile(true)).toMatchObject({ code: 0, missed: 0 });
    expect(await stack.delivered()).toEqual([]);
  });

  it('backfill --to report are all in it', async () => {
    const options = { to: ['report'], json: true, rate: '1000' };
    const { code, stdout } = await runCommand(backfillCommand, [`s3://${BUCKET}/AWSLogs/`], options);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ received: records.length });
  });
});
