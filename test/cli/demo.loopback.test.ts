import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT, trailbell } from './command-line.ts';
import { recordOf, WHITELISTED } from './sample-records.ts';
import { folderOf, severitiesWith } from './temporary-folder.ts';

interface Demo {
  readonly code: number | null;
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The demo's process group; nothing else is ever in it. */
  readonly group: number;
}

// A process group of its own shows what the demo leaves behind.
function demo(...args: readonly string[]): Promise<Demo> {
  const started = performance.now();
  const child = spawn(process.execPath, ['cli/trailbell.mjs', 'demo', ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = (performance.now() - started) / 1_000;
      resolve({ code, seconds, stdout, stderr, group: child.pid ?? 0 });
    });
  });
}

// A process that has ended and waits for its parent to ask is none that listens.
function living(group: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(pgrp) === group && state !== 'Z' ? [stat] : [];
      } catch {
        return [];
      }
    });
}

/** Queue name -> the subjects printed under it, which are as many as announced. */
function mailOf(stdout: string): Map<string, readonly string[]> {
  const sections = stdout.matchAll(/^(\S+): (\d+) message\(s\)\n((?: {2}.*\n)*)/gm);
  return new Map(
    [...sections].map(([, name = '', count, lines = '']) => {
      const subjects = lines.split('\n').filter((line) => line !== '');
      expect(subjects).toHaveLength(Number(count));
      return [name, subjects.map((line) => line.trim())];
    }),
  );
}

function balanceOf(stdout: string) {
  const records = stdout.match(
    /(\d+) received = (\d+) whitelisted \+ (\d+) quiet \+ (\d+) logged \+ (\d+) published \+ (\d+) rejected/,
  );
  const findings = stdout.match(
    /(\d+) findings = (\d+) delivered \+ (\d+) repeated \+ (\d+) held back \+ (\d+) undelivered, on each topic\n/,
  );
  const [received, ...actions] = (records ?? []).slice(1).map(Number);
  const [found, ...fates] = (findings ?? []).slice(1).map(Number);
  const sum = (figures: readonly number[]) => figures.reduce((total, figure) => total + figure, 0);
  expect(sum(actions)).toBe(received);
  expect(sum(fates)).toBe(found);
  const [whitelisted, quiet, logged, published, rejected] = actions;
  return { received, whitelisted, quiet, logged, published, rejected, found, undelivered: fates[3] };
}

/** Standard error of a demo in which nothing went wrong. */
const QUIET = expect.not.stringMatching(/error|trailbell:/i);

const SUBJECT = /^\[(?:HIGH|CRITICAL)\] [\x20-\x7e]+$/;

describe('demo', () => {
  let story: Demo;

  beforeAll(async () => {
    story = await demo();
  }, 60_000);

  it('ends by itself, soon and well', () => {
    expect(story).toMatchObject({ code: 0, stderr: QUIET });
    expect(story.seconds).toBeLessThan(20);
  });

  it.skipIf(!existsSync('/proc/self/stat'))('leaves nothing behind that listens (skipped without /proc)', async () => {
    await expect.poll(() => living(story.group), { timeout: 5_000 }).toEqual([]);
  });

  it("prints each team's messages, and the notices of the pipeline itself", () => {
    const mail = mailOf(story.stdout);
    const teams = [...mail.keys()].filter((name) => name !== 'operations');
    expect(teams.length).toBeGreaterThan(2);
    expect(teams.filter((team) => (mail.get(team)?.length ?? 0) > 0).length).toBeGreaterThan(1);
    for (const team of teams) for (const subject of mail.get(team) ?? []) expect(subject).toMatch(SUBJECT);
    expect(mail.get('operations')?.length).toBeGreaterThan(0);
  });

  it('prints a balance that adds up, in which every kind of record is there', () => {
    const { received, found, published, undelivered, ...actions } = balanceOf(story.stdout);
    expect(found).toBe(published);
    expect(undelivered).toBe(0);
    expect(received).toBeGreaterThan(100);
    for (const figure of Object.values(actions)) expect(figure).toBeGreaterThan(0);
  });

  it('prints nothing a terminal would obey', () => {
    expect(story.stdout).not.toMatch(/[^\P{C}\n]/u);
  });
});

describe('demo FILE…', () => {
  it('can be run several times at once', async () => {
    const folder = await folderOf({ 'mine.json': recordOf(1) });
    for (const { code, stdout, stderr } of await Promise.all([demo(folder), demo(folder), demo(folder)])) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: QUIET });
      expect(balanceOf(stdout)).toMatchObject({ received: 1, published: 1 });
    }
  });

  it('plays the records of the files, for two teams by service and everyone else', async () => {
    const folder = await folderOf({
      'a.json': { Records: [recordOf(1), recordOf(2, WHITELISTED)] },
      'b.ndjson.gz': gzipSync(`${JSON.stringify(recordOf(3, { eventName: 'LookupEvents' }))}\nnot JSON\n`),
    });
    const { code, stdout, stderr } = await demo(join(folder, 'a.json'), join(folder, 'b.ndjson.gz'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: QUIET });
    expect(balanceOf(stdout)).toMatchObject({ received: 4, whitelisted: 1, published: 1, rejected: 1 });
    const mail = mailOf(stdout);
    expect([...mail.keys()].slice(0, 2)).toEqual(['identity', 'infrastructure']);
    expect(mail.get('identity')).toEqual([]);
    expect(mail.get('infrastructure')).toEqual([expect.stringMatching(SUBJECT)]);
  });

  it('plays for the teams that the accounts of the severities folder name', async () => {
    const accounts = { '111122223333': { name: 'prod-payments', team: 'payments' } };
    const severities = await severitiesWith({ 'local/accounts.json': accounts });
    const folder = await folderOf({
      'mine.json': recordOf(1),
      'other.json': recordOf(2, { recipientAccountId: '123456789012', userIdentity: {} }),
    });
    const { code, stdout, stderr } = await demo(folder, '--severities', severities);
    expect({ code, stderr }).toEqual({ code: 0, stderr: QUIET });
    const mail = mailOf(stdout);
    expect(mail.get('payments')).toEqual([expect.stringMatching(/^\[CRITICAL\] prod-payments: /)]);
    const [, everyoneElse] = [...mail.keys()];
    expect(mail.get(everyoneElse ?? '')).toEqual([expect.stringMatching(/^\[CRITICAL\] .*123456789012.*: /)]);
  });

  it('starts nothing when a file is not there, and says so', async () => {
    const absent = join(await folderOf(), 'absent.json');
    const { code, stdout, stderr } = await trailbell(['demo', absent]);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `trailbell: ${absent}: no such file or folder\n`,
    });
  });
});
