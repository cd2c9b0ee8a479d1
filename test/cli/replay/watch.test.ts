import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_SELECTION } from '../../../cli/replay/selection.ts';
import { watchSeverities } from '../../../cli/replay/watch.ts';
import { POLICY } from '../../support/policies.ts';
import { record } from '../../support/records.ts';
import { ROOT } from '../command-line.ts';
import { folderOf, writeFiles } from '../temporary-folder.ts';

const rows = (events: object) => ({
  'services/iam.json': { eventSource: 'iam.amazonaws.com', service: 'IAM', events },
});

async function watched() {
  const names = ['TagUser', 'TagUser', 'GetUser', 'DeleteUser'];
  const lines = names.map((eventName, index) => JSON.stringify(record({ eventName, eventID: `event-${index}` })));
  const inputs = [join(await folderOf({ 'a.ndjson': lines.join('\n') }), 'a.ndjson')];
  const dir = await folderOf({ 'policy.json': POLICY, ...rows({ TagUser: 'medium', GetUser: 'low' }) });
  const stop = new AbortController();
  const said: string[] = [];
  let out = '';
  let heard = (): void => undefined;
  const io = {
    root: ROOT,
    async out(text: string) {
      out += text;
      heard();
    },
    say(line: string) {
      said.push(line);
      heard();
    },
  };
  const ended = watchSeverities({ inputs, selection: NO_SELECTION }, dir, io, stop.signal);
  const until = async (isSo: () => boolean) => {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return {
    dir,
    said,
    /** Saves files, and waits for what is printed then. @returns it, with the milliseconds it took */
    async save(files: Record<string, unknown>) {
      const begun = performance.now();
      const before = out;
      await writeFiles(dir, files);
      await until(() => out !== before);
      return { printed: out.slice(before.length), took: performance.now() - begun };
    },
    async started() {
      await until(() => out !== '');
      return out;
    },
    until,
    async end() {
      stop.abort();
      return ended;
    },
  };
}

describe('replay --watch', () => {
  it('says at every save what changed, against the start and against the last save', async () => {
    const { started, save, end } = await watched();
    expect(await started()).toMatch(/^4 record\(s\), 1 finding\(s\)\. Watching /);
    const first = await save(rows({ TagUser: { severity: 'high', reason: 'A test.' }, GetUser: 'low' }));
    expect(first.printed).toMatch(
      /\nSaved: severities \w+, 2 of 4 record\(s\) rated in \d\.\d\d s\nFindings: 1 -> 3\n/,
    );
    expect(first.printed).toContain('Since the last save: 2 new, 0 lost, 0 louder, 0 quieter, 0 unpublished\n');
    expect(first.printed).toContain('row iam.amazonaws.com/TagUser: logged at medium -> published at high\n');
    const second = await save({ 'policy.json': { ...POLICY, deletions: { ...POLICY.deletions, severity: 'low' } } });
    expect(second.printed).toContain('Findings: 1 -> 2\n');
    expect(second.printed).toContain('Since the last save: 0 new, 1 lost, 0 louder, 0 quieter, 0 unpublished\n');
    expect(second.printed).toContain('Since the start: 2 new, 1 lost, 0 louder, 0 quieter, 0 unpublished\n');
    const third = await save({ 'policy.json': POLICY, ...rows({ TagUser: 'medium', GetUser: 'low' }) });
    expect(third.printed).toContain('Since the start: nothing changes\n');
    expect(await end()).toBe(0);
  });

  it('answers within a second', async () => {
    const { started, save, end } = await watched();
    await started();
    const { took } = await save(rows({ TagUser: 'low', GetUser: 'low' }));
    expect(took).toBeLessThan(1_000);
    await end();
  });

  it('says what is wrong with JSON that is broken, and goes on', async () => {
    const { started, save, said, until, dir, end } = await watched();
    await started();
    await writeFiles(dir, { 'services/iam.json': '{ "eventSource": ' });
    await until(() => said.length >= 2);
    expect(said.join('\n')).toMatch(/services\/iam\.json.*\n.*still as at the last save that was sound/s);
    const { printed } = await save(rows({ TagUser: 'low', GetUser: 'low' }));
    expect(printed).toContain('2 unpublished');
    expect(await end()).toBe(0);
  });
});
