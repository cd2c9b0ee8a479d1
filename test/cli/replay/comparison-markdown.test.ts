import { describe, expect, it } from 'vitest';
import type { ComparisonReport } from '../../../cli/replay/comparison.ts';
import { comparisonMarkdown } from '../../../cli/replay/comparison-markdown.ts';
import { detection, policyOf, type SeveritiesParts } from '../../support/policies.ts';
import { record } from '../../support/records.ts';
import { comparisonOf } from './rated-inputs.ts';

const NAMES = { current: 'origin/main (0b026ab)', proposed: 'severities' };

function compare(current: SeveritiesParts, proposed: SeveritiesParts, values: readonly unknown[]) {
  return comparisonOf(policyOf(current), policyOf(proposed), values);
}

/** A comparison of a call whose every text is this one. */
function markdownOf(text: string): string {
  const values = [record({ eventName: `Make${text}`, eventID: text, userIdentity: { userName: text } })];
  return comparisonMarkdown(compare({}, { policy: { unlisted: UNLISTED } }, values), { current: text, proposed: text });
}

const cellsOf = (markdown: string) =>
  markdown.split('\n').flatMap((line) => (line.startsWith('|') ? [line.split('|').length] : []));

/** What is left of Markdown outside of code spans. */
function outsideCode(markdown: string): string {
  return markdown.replace(/`[^`\n]*`/g, '');
}

const HOSTILE = [
  '@everyone',
  '[click](https://attacker.example.com)',
  '<img src=x onerror=alert(1)>',
  '`` ` | \\| |',
  '</details><script>alert(1)</script>',
  '#1 GH-2 :tada: www.attacker.example.com',
  '- [ ] **done**',
  '\\',
  '$`x`$',
];

describe('a comparison as Markdown', () => {
  it('names both sides, and groups changes by what is responsible, their examples folded', () => {
    const values = [1, 2].map((number) => record({ eventID: `key-${number}` }));
    const markdown = comparisonMarkdown(compare({}, { detections: [detection()] }, values), NAMES);
    expect(markdown).toContain('**2 new, 0 lost, 0 louder, 0 quieter**, over 2 record(s)');
    expect(markdown).toContain('| | current: `origin/main (0b026ab)` | proposed: `severities` |\n|---|---:|---:|\n');
    expect(markdown).toContain('| 2 | detection `access-key-created` | `logged at low` | `published at high` |\n');
    expect(markdown).toContain('<details><summary>Examples</summary>\n\n- detection `access-key-created`\n  - ');
    expect(markdown).toContain('`[HIGH] account 111122223333: access key created for bob by alice` `key-1`');
    expect(markdown).toMatch(/<\/details>\n$/);
    expect(markdown).not.toMatch(/Lost findings|Cut here/);
  });

  it('says what changes that nobody is told of, and nothing more', () => {
    const rows = (severity: string) => ({ rows: { 'iam.amazonaws.com': { CreateAccessKey: severity } } });
    const markdown = comparisonMarkdown(compare(rows('low'), rows('medium'), [record()]), NAMES);
    expect(markdown).toContain('**0 new, 0 lost, 0 louder, 0 quieter**');
    expect(markdown).toContain('Of 1 record(s) more the rating changes, and nobody is told either way.');
    expect(markdown).not.toContain('####');
  });

  it.each(HOSTILE)('keeps %j in a code span, in one line and one cell', async (text) => {
    const markdown = markdownOf(text);
    expect(outsideCode(markdown)).not.toMatch(
      /[@[\]`]|https?:|www\.|<(?!\/?(?:details|summary)>)|\\|:tada:|GH-|\*\*done/,
    );
    expect(cellsOf(markdown)).toEqual(cellsOf(markdownOf('plain')));
    expect(markdown.split('\n')).toHaveLength(markdownOf('plain').split('\n').length);
  });

  it('holds at most 60,000 characters, and says how much is cut', () => {
    const values = Array.from({ length: 3_000 }, (_, index) =>
      record({ eventName: `Make${'|`<@'.repeat(20)}${index}`, eventID: `call-${index}` }),
    );
    const report = compare({}, { policy: { unlisted: UNLISTED } }, values);
    const groups = report.changes.new.groups.length;
    expect(groups).toBe(3_000);
    const markdown = comparisonMarkdown(report, NAMES);
    expect(markdown.length).toBeLessThanOrEqual(60_000);
    expect(markdown.length).toBeGreaterThan(40_000);
    const shown = markdown.split('\n').filter((line) => /^\| 1 \|/.test(line)).length;
    const [, left] = /\*\*Cut here\*\*: (\d+) more/.exec(markdown) ?? [];
    expect(shown + Number(left)).toBe(groups);
    const opened = markdown.split('<details>').length;
    expect(markdown.split('</details>')).toHaveLength(opened);
  });

  it('tells of every kind of change', () => {
    const rows = (severities: Readonly<Record<string, string>>): SeveritiesParts => ({
      rows: {
        'iam.amazonaws.com': Object.fromEntries(
          Object.entries(severities).map(([name, severity]) => [name, { severity, reason: 'A test.' }]),
        ),
      },
    });
    const values = ['TagUser', 'GetUser', 'TagRole', 'GetRole'].map((eventName) => record({ eventName }));
    const report: ComparisonReport = compare(
      rows({ TagUser: 'low', GetUser: 'high', TagRole: 'high', GetRole: 'critical' }),
      rows({ TagUser: 'high', GetUser: 'low', TagRole: 'critical', GetRole: 'high' }),
      values,
    );
    const markdown = comparisonMarkdown(report, NAMES);
    const titles = [...markdown.matchAll(/^#### (.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual(['New findings: 1', 'Lost findings: 1', 'Louder findings: 1', 'Quieter findings: 1']);
  });
});

const UNLISTED = { service: 'high', event: 'high', readOnlyEvent: 'high', insight: 'medium' };
