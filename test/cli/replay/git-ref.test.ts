import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveSeverities, sidesOf } from '../../../cli/replay/git-ref.ts';
import { readSeverities } from '../../../cli/severities-folder.ts';
import { UsageError } from '../../../cli/usage-error.ts';
import { RELEASE } from '../../core/severities/folder.ts';
import { folderOf, writeFiles } from '../temporary-folder.ts';

let repository: string;
let severities: string;

function run(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  // A hook may run these tests, and names the repository it runs in.
  const env = { ...process.env, GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined };
  return execFileSync('git', [...identity, ...args], { cwd: repository, env, encoding: 'utf8' });
}

beforeAll(async () => {
  repository = await folderOf();
  severities = join(repository, 'our', 'severities');
  run('init', '--quiet', '--initial-branch', 'main');
  await writeFiles(severities, { ...RELEASE, 'README.md': 'a\r\nb\n', 'local/notes.txt': '$Id$ \u00e9' });
  await writeFiles(repository, { '.gitattributes': '* text eol=crlf ident\n*.json export-ignore filter=gone\n' });
  run('-c', 'core.autocrlf=false', 'add', '--all');
  run('commit', '--quiet', '-m', 'first');
  run('tag', 'v1');
  run('branch', 'topic/one');
  run('update-ref', 'refs/remotes/origin/main', 'HEAD');
  await writeFiles(severities, { 'local/policy.json': { alertAt: 'critical' } });
  run('add', '--all');
  run('commit', '--quiet', '-m', 'second');
});

async function problemOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof Error ? error.message : '';
}

/** What a work leaves in the temporary folder, which is its own. */
async function leftBehind(work: () => Promise<unknown>): Promise<string[]> {
  const [before, own] = [process.env['TMPDIR'], await folderOf()];
  process.env['TMPDIR'] = own;
  try {
    await work();
    return await readdir(own);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

describe('the severities of a git ref', () => {
  it.each(['HEAD~1', 'main~1', 'v1', 'topic/one', 'origin/main', 'refs/heads/topic/one'])(
    'are those of %s, in a folder that only this user reads and that is gone after',
    async (ref) => {
      const { folder, name } = await resolveSeverities(ref, severities);
      expect(name).toMatch(/ \([0-9a-f]{7}\)$/);
      expect((await stat(folder.path)).mode & 0o077).toBe(0);
      expect((await readSeverities(folder.path)).policy.alertAt).toBe('high');
      await folder.remove();
      await expect(stat(folder.path)).rejects.toThrow(/ENOENT/);
    },
  );

  it('are those of a commit by its hash, whole or short', async () => {
    const hash = run('rev-parse', 'HEAD').trim();
    for (const ref of [hash, hash.slice(0, 8)]) {
      await using folder = (await resolveSeverities(ref, severities)).folder;
      expect((await readSeverities(folder.path)).policy.alertAt).toBe('critical');
    }
  });

  it('come byte by byte as they are committed, whatever attributes and filters say', async () => {
    await using folder = (await resolveSeverities('HEAD', severities)).folder;
    const committed = execFileSync('git', ['show', 'HEAD:our/severities/README.md'], { cwd: repository });
    expect(await readFile(join(folder.path, 'README.md'))).toEqual(committed);
    expect(await readFile(join(folder.path, 'local', 'notes.txt'), 'utf8')).toBe('$Id$ \u00e9');
    expect((await readdir(folder.path)).sort()).toEqual(
      [...new Set(Object.keys(RELEASE).map((path) => path.split('/')[0])), 'README.md', 'local']
        .filter((name, index, all) => all.indexOf(name) === index)
        .sort(),
    );
  });

  it('run no hook, no configured program and no option', async () => {
    const marker = join(repository, 'was-run');
    const program = join(repository, 'program.sh');
    await writeFile(program, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o700 });
    run('config', 'core.fsmonitor', program);
    run('config', 'core.pager', program);
    run('config', 'filter.gone.smudge', program);
    await using folder = (await resolveSeverities('main', severities)).folder;
    expect(await readdir(folder.path)).toContain('policy.json');
    for (const ref of ['--all', '-h', `--output=${marker}`, '--upload-pack=touch', '']) {
      expect(await problemOf(resolveSeverities(ref, severities))).toMatch(/no name a git ref can have/);
    }
    await expect(stat(marker)).rejects.toThrow(/ENOENT/);
    for (const name of ['core.fsmonitor', 'core.pager', 'filter.gone.smudge']) run('config', '--unset', name);
  });

  it.each([
    ['nothing-of-this-name', /no branch, tag or commit .* fetch it first \(in CI, check out with fetch-depth: 0\)/],
    ['HEAD:our', /no branch, tag or commit/],
    ['main\u001b[31m', /no name a git ref can have/],
    ['$(touch x)', /no branch, tag or commit/],
    ['main..v1', /no branch, tag or commit/],
  ])('are refused for %j, with what to do', async (ref, message) => {
    expect(await problemOf(resolveSeverities(ref, severities))).toMatch(message);
  });

  it('are refused where the ref has none', async () => {
    await writeFiles(repository, { 'elsewhere/policy.json': RELEASE['policy.json'] });
    const message = await problemOf(resolveSeverities('HEAD', join(repository, 'elsewhere')));
    expect(message).toMatch(/there is no elsewhere\/ in "HEAD": name a ref that has it, or a folder/);
  });

  it('are refused where the folder is in no repository', async () => {
    const folder = await folderOf(RELEASE);
    expect(await problemOf(resolveSeverities('main', folder))).toMatch(/is in no git repository/);
  });

  it('are refused where there is no git', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      expect(await problemOf(resolveSeverities('main', severities))).toMatch(/no git to ask: install it, or compare/);
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('are refused where a link in them leads out of the ref, and nothing is left behind', async () => {
    await symlink('../../elsewhere', join(severities, 'local', 'linked'));
    run('add', 'our');
    run('commit', '--quiet', '-m', 'a link');
    const left = await leftBehind(async () => {
      expect(await problemOf(resolveSeverities('HEAD', severities))).toMatch(/local\/linked of "HEAD" is a link/);
    });
    expect(left).toEqual([]);
    run('reset', '--quiet', '--hard', 'HEAD~1');
  });
});

describe('the sides of a comparison', () => {
  it('are, with a folder, the severities of the command line as current and the folder as proposed', async () => {
    const edited = await folderOf(RELEASE);
    await using sides = await sidesOf(edited, severities);
    expect(sides.current).toEqual({ dir: severities, name: severities });
    expect(sides.proposed).toEqual({ dir: edited, name: edited });
  });

  it('are, with a git ref, the ref as current and the severities of the command line as proposed', async () => {
    const left = await leftBehind(async () => {
      await using sides = await sidesOf('origin/main', severities);
      expect(sides.proposed).toEqual({ dir: severities, name: severities });
      expect(sides.current.name).toMatch(/^origin\/main \([0-9a-f]{7}\)$/);
      expect((await readSeverities(sides.current.dir)).policy.alertAt).toBe('high');
    });
    expect(left).toEqual([]);
  });

  it('are of the folder where a branch has the same name', async () => {
    const name = join(dirname(repository), basename(repository));
    await using sides = await sidesOf(name, severities);
    expect(sides.proposed.dir).toBe(name);
  });
});
