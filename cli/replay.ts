import { compilePolicy } from '../function/core/policy.ts';
import type { Severities } from '../function/core/severities/model.ts';
import { SeveritiesError } from '../function/core/severities/problem.ts';
import { type Command, type ExitCode, type Io, severitiesDir } from './command.ts';
import type { ComparisonReport } from './replay/comparison.ts';
import { comparisonMarkdown } from './replay/comparison-markdown.ts';
import { comparisonText } from './replay/comparison-text.ts';
import { type SideNames, sidesOf } from './replay/git-ref.ts';
import { type Failing, REPLAY_OPTIONS, type ReplayChoice, replayChoice } from './replay/options.ts';
import { type Replay, replayInputs } from './replay/replay-run.ts';
import { balanceLine, spanLine, speedLine } from './replay/report-lines.ts';
import { reportText } from './replay/report-text.ts';
import { watchSeverities } from './replay/watch.ts';
import { readSeverities } from './severities-folder.ts';

/**
 * `replay`: exit 0 when every input could be read and nothing changes that `--fail-on` names.
 * @throws {SeveritiesError} for either folder, before any input is read
 */
export const replayCommand: Command = {
  takesInputs: true,
  options: REPLAY_OPTIONS,
  async run(args, io) {
    const choice = replayChoice(args, new Date());
    const dir = severitiesDir(args, io);
    if (choice.watch) return watchSeverities(choice, dir, io);
    if (choice.compare === undefined) return replay(choice, io, await severitiesIn(dir, io));
    await using sides = await sidesOf(choice.compare, dir);
    const { current, proposed } = sides;
    return replay(choice, io, await severitiesIn(current.dir, io, current.name), {
      severities: await severitiesIn(proposed.dir, io, proposed.name),
      names: { current: current.name, proposed: proposed.name },
    });
  },
};

interface Compared {
  readonly severities: Severities;
  readonly names: SideNames;
}

async function replay(choice: ReplayChoice, io: Io, current: Severities, compared?: Compared): Promise<ExitCode> {
  const { inputs, selection, timeline, jobs, html } = choice;
  const replayed = await replayInputs({
    inputs,
    io,
    current,
    proposed: compared?.severities,
    selection,
    timeline,
    jobs,
    keepsFindings: html !== undefined,
  });
  try {
    await print(choice, io, replayed, compared);
    if (html !== undefined) await writePage(html, replayed, current, compared);
    return failing(choice.failOn, replayed.comparison, io) ? 1 : replayed.exitCode;
  } finally {
    await replayed.close();
  }
}

async function print({ format, timeline }: ReplayChoice, io: Io, replayed: Replay, compared?: Compared): Promise<void> {
  const { report, comparison } = replayed;
  if (timeline !== undefined) {
    // Standard output has the timeline, and nothing but it.
    for (const line of [spanLine(report), balanceLine(report)]) io.say(`trailbell: ${line}`);
  } else if (format === 'json') await io.out(`${JSON.stringify(comparison ?? report)}\n`);
  else if (comparison === undefined || compared === undefined) await io.out(reportText(report, io.paint));
  else if (format === 'markdown') await io.out(comparisonMarkdown(comparison, compared.names));
  else await io.out(comparisonText(comparison, compared.names));
  if (format !== 'text' || timeline !== undefined) io.say(`trailbell: ${speedLine(report)}`);
}

async function writePage(file: string, replayed: Replay, current: Severities, compared?: Compared): Promise<void> {
  const { report, comparison, findings } = replayed;
  const { writeReport } = await import('./report/write-report.ts');
  const title = comparison === undefined ? 'What would have been published' : 'What the edit changes';
  const policy = compilePolicy(compared?.severities ?? current);
  await writeReport(file, { report, comparison, findings, policy, title });
}

function failing(failOn: readonly Failing[], comparison: ComparisonReport | undefined, io: Io): boolean {
  const found = failOn.flatMap((change) => {
    const records = comparison?.changes[change].records ?? 0;
    return records > 0 ? `${records} ${change}` : [];
  });
  if (found.length > 0) io.say(`trailbell: --fail-on: ${found.join(', ')}`);
  return found.length > 0;
}

// The problems of a folder are told by file, and here there can be two folders.
async function severitiesIn(dir: string, io: Io, name = dir): Promise<Severities> {
  try {
    return await readSeverities(dir);
  } catch (error) {
    if (error instanceof SeveritiesError) io.say(`trailbell: the severities in ${name}:`);
    throw error;
  }
}
