import { compilePolicy, type Policy } from '../function/core/policy.ts';
import { SeveritiesError } from '../function/core/severities/problem.ts';
import { type Arguments, type Command, type ExitCode, type Io, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { eachInput } from './input/inputs.ts';
import { recordsOf } from './input/records.ts';
import { Comparison } from './replay/comparison.ts';
import { comparisonText } from './replay/comparison-text.ts';
import { Replayed } from './replay/replayed.ts';
import { reportOf } from './replay/report.ts';
import { reportText } from './replay/report-text.ts';
import { readSeverities } from './severities-folder.ts';
import { UsageError } from './usage-error.ts';

/** The changes that `--fail-on` can name. */
const FAILING = ['new', 'lost', 'louder'] as const;
type Failing = (typeof FAILING)[number];

/**
 * `replay`: exit 0 when every input could be read and nothing changes that `--fail-on` names.
 * @throws {SeveritiesError} for either folder, before any input is read
 */
export const replayCommand: Command = {
  name: 'replay',
  summary: 'say what would have been published, and what an edit of the severities changes',
  usage: 'replay INPUT… [--severities DIR] [--compare DIR [--fail-on new,lost,louder]] [--json]',
  details: [
    '--compare DIR   rate every record twice, by the current severities (--severities, else the shipped ones) and by the',
    '                edited copy of them in DIR, and show which findings DIR adds, loses or rates differently',
    '--fail-on LIST  exit with 1 if DIR has such a change: new (published by DIR alone), lost (published by the current',
    '                severities alone), louder (published by both, by DIR at a higher severity)',
    '--json          one JSON document of the same',
    '',
    'Records are counted as they come: one that is twice in the inputs counts twice. Messages are what a person would',
    'have received: each finding once, storms held back for a digest in windows of 60 minutes by eventTime, and without',
    'the ceiling of messages a minute. Counted detections count over all inputs together, by eventTime.',
  ].join('\n'),
  example: 'replay trail-logs/ --compare ../edited-severities --fail-on lost',
  takesInputs: true,
  options: {
    ...SEVERITIES_OPTION,
    compare: { type: 'string' },
    'fail-on': { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(args, io) {
    if (args.inputs.length === 0) throw new UsageError('replay takes inputs: files, folders, or - for standard input');
    const { compare } = args.options;
    const failOn = failOnOf(args);
    const current = await policyIn(severitiesDir(args, io), io);
    if (typeof compare !== 'string') return replay(args, io, current);
    return comparePolicies(args, io, new Comparison(current, await policyIn(compare, io)), failOn);
  },
};

async function replay(args: Arguments, io: Io, policy: Policy): Promise<ExitCode> {
  const replayed = new Replayed(policy);
  const exitCode = await eachInput(args.inputs, io, async (input) => {
    for await (const source of recordsOf(input)) replayed.take(source);
  });
  replayed.finish();
  await print(args, io, reportOf(replayed.summary), reportText);
  return exitCode;
}

async function comparePolicies(
  args: Arguments,
  io: Io,
  comparison: Comparison,
  failOn: readonly Failing[],
): Promise<ExitCode> {
  const exitCode = await eachInput(args.inputs, io, async (input) => {
    for await (const source of recordsOf(input)) comparison.take(source);
  });
  const report = comparison.finish();
  await print(args, io, report, comparisonText);
  const failing = failOn.filter((change) => report.changes[change].records > 0);
  if (failing.length === 0) return exitCode;
  const said = failing.map((change) => `${report.changes[change].records} ${change}`).join(', ');
  io.say(`trailbell: --fail-on: ${said}`);
  return 1;
}

async function print<T>(args: Arguments, io: Io, report: T, asText: (report: T) => string): Promise<void> {
  await io.out(args.options['json'] === true ? `${JSON.stringify(report)}\n` : asText(report));
}

function failOnOf({ options }: Arguments): readonly Failing[] {
  const list = options['fail-on'];
  if (typeof list !== 'string') return [];
  if (typeof options['compare'] !== 'string')
    throw new UsageError('--fail-on is about a comparison: add --compare DIR');
  return list.split(',').map((word) => {
    const known = FAILING.find((change) => change === word.trim());
    if (known === undefined) throw new UsageError(`--fail-on takes ${FAILING.join(', ')}, separated by commas`);
    return known;
  });
}

// The problems of a folder are told by file, and here there are two folders.
async function policyIn(dir: string, io: Io): Promise<Policy> {
  try {
    return compilePolicy(await readSeverities(dir));
  } catch (error) {
    if (error instanceof SeveritiesError) io.say(`trailbell: the severities in ${dir}:`);
    throw error;
  }
}
