import { describe, expect, it } from 'vitest';
import { draftCommand } from '../../cli/draft.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { draftedRows } from '../../function/core/severities/drafted-rows.ts';
import { serviceSchema } from '../../function/core/severities/schema.ts';
import { runCommand } from './command-line.ts';

describe('drafted rows', () => {
  const rows = draftedRows({
    permissions: 'PutVaultPolicy RemoveRole',
    read: 'DescribeVault GetSessionToken',
    write: 'CreateVault CreateApiKey DeleteVault DeleteTags DeleteRule DisableVaultLogging DeleteVaultLock',
  });

  it.each([
    ['CreateVault', undefined],
    ['DescribeVault', undefined],
    ['PutVaultPolicy', 'medium'],
    ['CreateApiKey', 'medium'],
    ['GetSessionToken', 'medium'],
    ['DeleteVault', 'high'],
    ['DeleteVaultLock', 'high'],
    ['DisableVaultLogging', 'medium'],
    ['DeleteTags', 'low'],
    ['DeleteRule', 'medium'],
  ])('rate %s %s', (name, severity) => {
    expect(rows[name]?.severity).toBe(severity);
  });

  it('stand in order of name, and lower a deletion only by overriding it', () => {
    expect(Object.keys(rows)).toEqual(Object.keys(rows).sort());
    for (const [name, row] of Object.entries(rows)) {
      const lowered = /^(?:Delete|Revoke|Remove)/.test(name) && row.severity !== 'high';
      expect([name, row.overridesDeletion === true]).toEqual([name, lowered]);
    }
  });
});

describe('draft', () => {
  it('prints a file that loads, one row a line', async () => {
    const { code, stdout, lines } = await runCommand(draftCommand, ['glacier.amazonaws.com'], { service: 'Glacier' });
    const file = serviceSchema.parse(JSON.parse(stdout));
    expect({ code, ...file }).toMatchObject({ code: 0, eventSource: 'glacier.amazonaws.com', service: 'Glacier' });
    expect(lines.filter((line) => /^ {4}"\w+": \{ .* \},?$/.test(line))).toHaveLength(Object.keys(file.events).length);
  });

  it.each([[[]], [['a.amazonaws.com', 'b.amazonaws.com']], [['no-such.amazonaws.com']], [['__proto__']]])(
    'refuses %j',
    async (inputs) => {
      await expect(runCommand(draftCommand, inputs)).rejects.toThrow(UsageError);
    },
  );
});
