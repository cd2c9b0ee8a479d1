import { describe, expect, it } from 'vitest';
import { redriveCommand } from '../../cli/redrive.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { runCommand } from './command-line.ts';
import { folderOf } from './temporary-folder.ts';

describe('the command line of redrive', () => {
  it.each([
    [['bucket'], {}, 'only --failures takes a name'],
    [['one', 'two'], { failures: true }, 'only --failures takes a name'],
    [[], { failures: true, queue: 'https://example.com' }, 'give one'],
    [[], { keep: true }, '--keep goes with --failures'],
    [[], { rate: '0' }, '--rate takes a whole number from 1 to 100, not "0"'],
    [[], { rate: '1000' }, '--rate takes a whole number from 1 to 100'],
    [[], { rate: '2.5' }, '--rate takes a whole number'],
    [[], { max: '-1' }, '--max takes a whole number of 1 or more'],
    [[], { max: '0' }, '--max takes a whole number'],
  ])('is refused for %j %j', async (inputs, options, words) => {
    const refused = runCommand(redriveCommand, inputs, options);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(words);
  });

  it('says what to do for a stack that is not deployed', async () => {
    const outputs = `${await folderOf({ 'outputs.json': {} })}/outputs.json`;
    const { code, stderr } = await runCommand(redriveCommand, [], { outputs });
    expect(code).toBe(1);
    expect(stderr).toContain('deploy first');
  });
});
