import { execFile } from 'node:child_process';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Writes the address of every module that is loaded, one a line, to standard error. */
const TELL = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, next) {
      writeSync(2, 'loaded ' + url + '\\n');
      return next(url, context);
    },
  });
`)}`;

/** The files that a command line loads, relative to `root`, and the packages and modules of Node by their names. */
export async function loadedBy(root: string, args: readonly string[]): Promise<string[]> {
  const { stderr } = await run(process.execPath, ['--import', TELL, 'cli/trailbell.mjs', ...args], { cwd: root });
  return [...stderr.matchAll(/^loaded (.*)$/gm)]
    .map(([, url = '']) => (url.startsWith('file:') ? relative(root, fileURLToPath(url)) : url))
    .filter((url) => !url.startsWith('data:'));
}
