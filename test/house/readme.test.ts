import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { figuresOf } from '../../function/tally.ts';
import { configSchema } from '../../infra/config.ts';
import { CONFIG_WORDS } from '../../infra/config-words.ts';
import { functionPermissions } from '../../infra/function-role.ts';
import { parseConfig } from '../../infra/load-config.ts';
import { PIPELINE_ALARMS } from '../../infra/pipeline-alarm-list.ts';
import { synthesise, type WholeStack } from '../infra/synth.ts';
import { jsonOf, pathsUnder, ROOT, textOf } from './source-files.ts';

const PAGES = [
  'README.md',
  'infra/README.md',
  'SECURITY.md',
  'function/forwarding/README.md',
  'function/indexing/README.md',
] as const;
const OPERATING = textOf('infra/README.md');

type Node = { readonly [key: string]: unknown };
type Row = readonly string[];

/** The text under a heading, up to the next of any depth. */
function sectionOf(page: string, heading: string): string {
  const [, after = ''] = page.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [section = ''] = after.split(/^#+ /m);
  return section;
}

/** The body of the `index`-th table of a text, its cells without the spaces around them. */
function tableIn(text: string, index = 0): Row[] {
  const tables = text.split(/\n(?!\|)/).flatMap((block) => {
    const lines = block.split('\n').filter((line) => line.startsWith('|'));
    return lines.length > 2 ? [lines.slice(2)] : [];
  });
  return (tables[index] ?? []).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

const code = (text: string) => `\`${text}\``;
const nodesIn = (value: unknown): Node[] => (Array.isArray(value) ? (value as Node[]) : []);
const branchesOf = (node: Node): Node[] => nodesIn(node['anyOf'] ?? node['oneOf']);

/** What may be written for a setting. */
function valuesOf(node: Node): string {
  const branches = branchesOf(node);
  if ('const' in node) return code(JSON.stringify(node['const']));
  if (Array.isArray(node['enum'])) return node['enum'].map((value) => code(JSON.stringify(value))).join(', ');
  if (node['type'] === 'integer') return `${node['minimum']} to ${node['maximum']}`;
  if (node['type'] === 'boolean') return '`true`, `false`';
  if (node['type'] === 'array') return 'list';
  if (node['type'] === 'object') return 'group';
  if (branches.length > 0) return [...new Set(branches.map(valuesOf))].join(', ');
  return 'text';
}

/** Every setting the schema knows, as `parent.name`, in its order, with what may be written and what holds without it. */
function settingRows(): Row[] {
  const rows = new Map<string, { values: string; without: string }>();
  const visit = (node: Node, parent: string): void => {
    for (const branch of branchesOf(node)) visit(branch, parent);
    if (typeof node['items'] === 'object' && node['items'] !== null) visit(node['items'] as Node, parent);
    const required = Array.isArray(node['required']) ? (node['required'] as string[]) : [];
    for (const [name, value] of Object.entries((node['properties'] ?? {}) as Record<string, Node>)) {
      const key = parent === '' ? name : `${parent}.${name}`;
      const { default: fallback } = value;
      const isGroup = valuesOf(value) === 'group';
      const shown = fallback === undefined || isGroup ? '' : code(JSON.stringify(fallback));
      const known = rows.get(key)?.values.split(', ') ?? [];
      const values = [...new Set([...known, ...valuesOf(value).split(', ')])].join(', ');
      rows.set(key, { values, without: required.includes(name) ? 'required' : shown });
      visit(value, name);
    }
  };
  visit(z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }) as Node, '');
  return [...rows].map(([key, { values, without }]) => [code(key), values, without, CONFIG_WORDS[key] ?? '']);
}

const synthesised = (file: string): WholeStack => synthesise(parseConfig(textOf(file), file));

const EXAMPLES = readdirSync(join(ROOT, 'infra', 'examples')).map((name) => `infra/examples/${name}`);
const example = synthesised('infra/config.example.json');

describe('infra/README.md', () => {
  it('explains every setting of the configuration, with its default, in the words an editor shows', () => {
    const rows = settingRows();
    expect(rows.length).toBeGreaterThan(40);
    expect(new Set(rows.map(([key]) => key))).toEqual(new Set(Object.keys(CONFIG_WORDS).map(code)));
    expect(tableIn(sectionOf(OPERATING, 'Settings'))).toEqual(rows);
  });

  it('says of every alarm what it means and what to do first', () => {
    expect(tableIn(sectionOf(OPERATING, 'When an alarm fires'))).toEqual(
      PIPELINE_ALARMS.map(({ id, means, first }) => [code(id), means, first]),
    );
  });

  it('lists everything the function may do, and nothing else', () => {
    expect(tableIn(sectionOf(OPERATING, 'What the function may do'))).toEqual(
      functionPermissions.map(({ sid, actions, on, provided, only }) => [
        code(sid),
        actions.map(code).join(', '),
        on.map((resource) => (resource === '*' ? 'everything: X-Ray has nothing to name' : resource)).join(', '),
        provided ?? '',
        only === undefined ? 'always' : code(only),
      ]),
    );
  });

  it('gives the permissions to deploy each type of resource that any example creates', () => {
    const listed = tableIn(sectionOf(OPERATING, 'Permissions to deploy')).flatMap(([, types = '']) =>
      [...types.matchAll(/`([^`]+)`/g)].map(([, type]) => type),
    );
    const created = new Set(EXAMPLES.flatMap((file) => Object.keys(synthesised(file).resource)));
    expect([...listed].sort()).toEqual([...created].sort());
  });

  it('names every output of a stack', () => {
    const named = tableIn(sectionOf(OPERATING, 'Outputs')).map(([name = '']) => name);
    const given = new Set(EXAMPLES.flatMap((file) => Object.keys(synthesised(file).output).map(code)));
    expect(new Set(named)).toEqual(given);
  });

  it('names every example configuration', () => {
    const [topologies, existing] = [tableIn(sectionOf(OPERATING, 'Topologies')), EXAMPLES.map((file) => file.slice(6))];
    const linked = topologies.map(([link = '']) => /\]\(([^)]+)\)/.exec(link)?.[1] ?? link);
    expect([...linked].sort()).toEqual([...existing].sort());
  });

  it('imports kept log groups under the addresses they have in the state', () => {
    const addresses = [...OPERATING.matchAll(/import (aws_\w+)\.(\S+) (\S+)/g)];
    expect(addresses.length).toBe(2);
    for (const [, type = '', id = '', name] of addresses) expect(example.resource[type]?.[id]?.['name'], id).toBe(name);
  });
});

describe('the cost table', () => {
  const section = sectionOf(OPERATING, 'What it costs');
  const prices = new Map(tableIn(section, 0).map(([what = '', price = '']) => [what, Number(price.replace('$', ''))]));
  const figures = new Map(
    tableIn(section, 1).map(([what = '', value = '']) => [what, Number(value.replace(/,/g, ''))]),
  );
  const price = (what: string) => prices.get(what) ?? Number.NaN;
  const figure = (what: string) => figures.get(what) ?? Number.NaN;

  it('counts the alarms, metrics and keys of the example', () => {
    const alarms = Object.values(example.resource['aws_cloudwatch_metric_alarm'] ?? {});
    const watched = alarms.map((alarm) => nodesIn(alarm['metric_query']).filter(({ metric }) => metric).length || 1);
    const zero = { findings: 0, delivered: 0, repeated: 0, heldBack: 0, undelivered: 0 };
    const topic = { ...zero, lost: [], handedOver: 0, possiblyRepeated: 0 };
    const tally = { actions: {}, severities: {} } as unknown as Parameters<typeof figuresOf>[0];
    const emitted = Object.keys(
      figuresOf(tally, [
        { ...topic, topic: 'alerts' },
        { ...topic, topic: 'findings' },
      ]),
    );
    expect(figure('metrics that alarms watch')).toBe(watched.reduce((sum, count) => sum + count, 0));
    expect(figure('metrics the function emits')).toBe(emitted.length + 1);
    expect(figure('keys')).toBe(Object.keys(example.resource['aws_kms_key'] ?? {}).length);
  });

  it('follows from the prices and figures above it', () => {
    const gigabytes = figure('bytes a record') / 1000;
    const invocations = 1_000_000 / figure('records an invocation');
    const seconds = figure('seconds an invocation') * figure('GB of memory');
    const ownLog =
      (figure('share of records logged') * 1e6 * figure('bytes a log line') +
        invocations * figure('bytes of metrics and platform lines an invocation')) /
      1e9;
    const perMillion: Record<string, number> = {
      ingestion: gigabytes * price('log ingestion, a GB'),
      storage:
        gigabytes * figure('compression in storage') * figure('months kept') * price('log storage, a GB and month'),
      function:
        (invocations / 1e6) * price('Lambda requests, a million') +
        invocations * seconds * price('Lambda on arm64, a GB-second'),
      "the function's log": ownLog * price('log ingestion, a GB'),
      'findings and mails':
        figure('findings a million records') *
        ((2 * price('SNS publishes, a million')) / 1e6 +
          (figure('mails a finding') * price('SNS mails, 100,000')) / 1e5),
    };
    const fixed =
      figure('metrics that alarms watch') * price('alarm, a watched metric and month') +
      figure('metrics the function emits') * price('custom metric, a month') +
      figure('keys') * price('KMS key, a month') +
      price('dashboard, a month');
    const shown = (amount: number) => `$${amount.toFixed(2)}`;
    const at = (amounts: (millions: number) => number) => [1, 10, 100].map((millions) => shown(amounts(millions)));
    const sum = Object.values(perMillion).reduce((total, amount) => total + amount, 0);
    expect(tableIn(section, 2)).toEqual([
      ['fixed', ...at(() => fixed)],
      ...Object.entries(perMillion).map(([what, amount]) => [what, ...at((millions) => millions * amount)]),
      ['**together**', ...at((millions) => fixed + millions * sum).map((amount) => `**${amount}**`)],
      ['a second trail, on top', ...at((millions) => millions * 10 * price('further copies of events, 100,000'))],
    ]);
    const saved =
      perMillion['function']! +
      ((invocations * figure('bytes of metrics and platform lines an invocation')) / 1e9) *
        price('log ingestion, a GB');
    expect(sectionOf(OPERATING, 'Pushdown')).toContain(`${shown(saved)} a million records pushed down`);
  });
});

describe.each(PAGES)('%s', (page) => {
  const text = textOf(page);

  it('names commands that exist', () => {
    const scripts = Object.keys(jsonOf('package.json')['scripts'] as object);
    const commands = pathsUnder('cli').flatMap((path) =>
      [...textOf(path).matchAll(/^ {2,4}name: '([a-z-]+)',$/gm)].map(([, name]) => name),
    );
    for (const [, script] of text.matchAll(/npm run (?:-s )?([a-z]+)/g)) expect(scripts).toContain(script);
    for (const [, command] of text.matchAll(/(?:trailbell -- |`trailbell )([a-z-]+)/g))
      expect(commands).toContain(command);
  });

  it('names files that exist', () => {
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, path = '']) =>
      join(dirname(page), path),
    );
    const quoted = [...text.matchAll(/`((?:infra|function|cli|severities|test|\.ci)\/[^`\s*…<]*)`/g)].map(
      ([, path = '']) => path,
    );
    const isOfUser = (path: string) => path === 'infra/config.json' || path.startsWith('severities/local/');
    const missing = [...linked, ...quoted].filter((path) => !isOfUser(path) && !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  it('links to headings that exist', () => {
    for (const [, path = '', anchor] of text.matchAll(/\]\(((?!https?:)[^)#]*)#([^)]+)\)/g)) {
      const target = path === '' ? text : textOf(join(dirname(page), path));
      const headings = [...target.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replace(/\s/g, '-'),
      );
      expect(headings).toContain(anchor);
    }
  });
});
