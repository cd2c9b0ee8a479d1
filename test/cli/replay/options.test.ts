import { describe, expect, it } from 'vitest';
import type { Arguments } from '../../../cli/command.ts';
import { replayChoice } from '../../../cli/replay/options.ts';
import { UsageError } from '../../../cli/usage-error.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const choice = (options: Arguments['options']) => replayChoice({ inputs: ['a.json'], options }, NOW);

describe('the options of replay', () => {
  it.each([
    ['24h', '2026-11-19T12:00:00Z'],
    ['7d', '2026-11-13T12:00:00Z'],
    ['90m', '2026-11-20T10:30:00Z'],
    ['2026-11-01', '2026-11-01T00:00:00Z'],
    ['2026-11-01T06:30Z', '2026-11-01T06:30:00Z'],
    ['2026-11-01T06:30:15Z', '2026-11-01T06:30:15Z'],
  ])('take %s for a time', (since, expected) => {
    expect(choice({ since }).selection.since).toBe(Date.parse(expected));
  });

  it('say where a condition does not parse', () => {
    expect(() => choice({ where: '{ $.eventName = }' })).toThrow(UsageError);
    expect(() => choice({ where: '{ $.eventName = }' })).toThrow(/^--where, at 16: found .*, expected /);
  });

  it.each<[string, Arguments['options'], RegExp]>([
    ['a time that is none', { since: 'yesterday' }, /--since takes a time such as/],
    ['an empty span', { since: '2026-11-02', until: '2026-11-01' }, /--since is not before --until/],
    ['a timeline there is not', { timeline: 'some' }, /--timeline takes findings, logged, all/],
    ['a timeline in JSON', { timeline: 'all', json: true }, /leave out --json/],
    ['no threads', { jobs: '0' }, /--jobs takes a number from 1 to 64/],
    ['Markdown of no comparison', { markdown: true }, /add --compare/],
    ['two formats', { markdown: true, json: true, compare: 'x' }, /not both/],
    ['a watch that compares', { watch: true, compare: 'x' }, /--watch compares with itself/],
  ])('refuse %s', (_case, options, words) => {
    expect(() => choice(options)).toThrow(UsageError);
    expect(() => choice(options)).toThrow(words);
  });
});
