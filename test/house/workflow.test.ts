import { describe, expect, it } from 'vitest';
import { replayChoice } from '../../cli/replay/options.ts';
import { argumentsOf, loadCommand } from '../../cli/run-command.ts';
import { textOf } from './source-files.ts';

const workflow = textOf('docs/severity-review.yml');
const lines = workflow.split('\n').filter((line) => !/^\s*#/.test(line));

describe('docs/severity-review.yml', () => {
  it('asks replay for a comparison as Markdown that replay takes', async () => {
    const [, words = ''] = /trailbell -- replay (.*?) > /.exec(workflow) ?? [];
    const args = argumentsOf(await loadCommand('replay'), words.replaceAll('"', '').split(' '));
    expect(replayChoice(args, new Date())).toMatchObject({ compare: '$BASE', format: 'markdown', failOn: ['lost'] });
  });

  it('runs what a fork sends without secrets, and may write comments only', () => {
    expect(lines.join('\n')).not.toMatch(/pull_request_target|secrets\.|workflow_run/);
    const written = lines.filter((line) => /: write\b/.test(line)).map((line) => line.trim());
    expect(written).toEqual(['pull-requests: write']);
  });

  it('puts nothing that others name into a script', () => {
    const scripts = [...workflow.matchAll(/^( *)run: (?:\|\n((?:\1 {2}.*\n)+)|(.*)\n)/gm)].map(([all]) => all);
    expect(scripts.length).toBeGreaterThan(3);
    for (const script of scripts) expect(script).not.toContain('${{');
  });

  it('has the branch to compare with, and its actions at a major version', () => {
    expect(workflow).toMatch(/actions\/checkout@v\d+\n {8}with:\n(?: {10}#.*\n)? {10}fetch-depth: 0\n/);
    for (const [, version] of workflow.matchAll(/uses: [\w/-]+@(\S+)/g)) expect(version).toMatch(/^v\d+$/);
  });
});
