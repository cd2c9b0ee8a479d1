import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { nearest } from '../../cli/nearest.ts';

const names = COMMANDS.map(({ name }) => name);

describe('nearest', () => {
  it.each([
    ['relpay', 'replay'],
    ['replya', 'replay'],
    ['Replay', 'replay'],
    ['clasify', 'classify'],
    ['chekc', 'check'],
    ['reconc', 'reconcile'],
    ['tset', 'test'],
    ['sugest', 'suggest'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, names)).toBe(meant);
  });

  it.each(['', 'x', 'frobnicate', 're', 'uninstall'])('takes %j for nothing', (word) => {
    expect(nearest(word, names)).toBeUndefined();
  });
});
