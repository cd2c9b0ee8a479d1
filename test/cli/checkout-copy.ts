import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './command-line.ts';
import { folderOf } from './temporary-folder.ts';

/** A copy of the checkout that nothing was built in, with the packages of this one. */
export async function checkoutCopy(): Promise<string> {
  const root = await folderOf();
  for (const part of ['cli', 'function', 'severities', 'package.json', 'tsconfig.json']) {
    await cp(join(ROOT, part), join(root, part), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}
