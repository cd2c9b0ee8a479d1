import { describe, expect, it } from 'vitest';
import { testCommand } from '../../cli/test.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { detection } from '../support/policies.ts';
import { runCommand } from './command-line.ts';
import { severitiesWith } from './temporary-folder.ts';

const RENAMED = { eventSource: 'iam.amazonaws.com', eventName: 'CreateUser' };
const own = (parts: object) => ({ 'local/detections/mine.json': detection({ id: 'mine', ...parts }) });
const WRONG = own({ examples: { match: [RENAMED], noMatch: [RENAMED] } });

describe('test', () => {
  it('finds the shipped examples sound', async () => {
    const { code, stdout } = await runCommand(testCommand);
    expect(stdout).toMatch(/^\d{3} detection\(s\), \d{3,} examples: 0 failure\(s\)\n$/);
    expect(code).toBe(0);
  });

  it('names the file and the example that does not do what it says, and exits with 1', async () => {
    const { code, lines } = await runCommand(testCommand, ['mine'], { severities: await severitiesWith(WRONG) });
    expect(lines).toEqual([
      'failure  local/detections/mine.json/examples/match/0',
      '  the example does not match',
      expect.stringContaining('->'),
      '1 detection(s), 2 examples: 1 failure(s)',
    ]);
    expect(code).toBe(1);
  });

  it('runs those that are named, and refuses one there is not', async () => {
    const options = { severities: await severitiesWith(own({})) };
    expect((await runCommand(testCommand, ['mine'], options)).stdout).toBe(
      '1 detection(s), 2 examples: 0 failure(s)\n',
    );
    await expect(runCommand(testCommand, ['mine', 'yours'], options)).rejects.toThrow(UsageError);
  });
});
