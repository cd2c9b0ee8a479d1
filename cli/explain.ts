import { classify } from '../function/core/classify.ts';
import { neutralise } from '../function/core/neutral.ts';
import { outcomeOf } from '../function/core/outcome.ts';
import { compilePolicy, type Policy } from '../function/core/policy.ts';
import { isDeletionName, rowOf, unlistedReason } from '../function/core/reasons.ts';
import { type ReadRecord, readRecord } from '../function/core/record.ts';
import type { PolicySettings } from '../function/core/severities/model.ts';
import type { Rated, Verdict } from '../function/core/verdict.ts';
import { type Command, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { eachInput } from './input/inputs.ts';
import { recordsOf } from './input/records.ts';
import { readSeverities } from './severities-folder.ts';
import { UsageError } from './usage-error.ts';

/** `explain`: the steps of each classification, with nothing in them that could steer a terminal. @throws {SeveritiesError} */
export const explainCommand: Command = {
  takesInputs: true,
  options: SEVERITIES_OPTION,
  async run(args, io) {
    const [subject, ...more] = args.inputs;
    if (subject === undefined || more.length > 0)
      throw new UsageError('explain takes one call, or one file of records');
    const severities = await readSeverities(severitiesDir(args, io));
    const policy = compilePolicy(severities);
    const [, eventSource, eventName] = subject.match(/^([A-Za-z0-9.-]+\.amazonaws\.com)\/([^/\s]+)$/) ?? [];
    if (eventSource && eventName) {
      const read = readRecord({ eventSource, eventName });
      await io.out(explanation(policy, severities.policy, read as ReadRecord));
      await io.out('This is a bare call that succeeded; conditions on other fields need a record: explain FILE.\n');
      return 0;
    }
    return eachInput([subject], io, async (input) => {
      for await (const { read, position } of recordsOf(input)) {
        await io.out(
          'unreadable' in read
            ? `${neutralise(position)}: rejected, ${read.unreadable}\n`
            : explanation(policy, severities.policy, read),
        );
      }
    });
  },
};

/** Every step of the classification with its answer, ending in a blank line. */
export function explanation(policy: Policy, settings: PolicySettings, read: ReadRecord): string {
  const verdict = classify(policy, read);
  const name = `${neutralise(read.eventSource ?? '')}/${neutralise(read.eventName ?? '')}`;
  const service = policy.serviceNames.get(read.eventSource ?? '');
  const steps = [['1 whitelist', whitelistStep(policy, read, verdict)], ...ratedSteps(policy, settings, read, verdict)];
  return [
    service ? `${name} (${service})` : name,
    ...steps.map(([step, answer]) => `  ${step?.padEnd(13)} ${answer}`),
    '',
    '',
  ].join('\n');
}

function whitelistStep(policy: Policy, read: ReadRecord, verdict: Verdict): string {
  if (verdict.verdict === 'whitelisted') return `${verdict.whitelistedBy} covers it: ${verdict.code}, never reported`;
  const entry = policy.whitelist.first(read);
  return entry ? `${entry.id} would cover it, a guardrail it does not name stands against it` : 'no entry covers it';
}

function ratedSteps(policy: Policy, settings: PolicySettings, read: ReadRecord, verdict: Verdict): string[][] {
  if (verdict.verdict !== 'rated') return [];
  const row = rowOf(policy, read);
  const by = (kind: string) => verdict.reasons.filter((reason) => reason.by === kind);
  const detections = by('detection').map(
    ({ id, severity, trial }) => `${id} (${severity}${trial ? ', on trial' : ''})`,
  );
  const said = row?.explanation ? `: ${row.explanation.reason}` : '';
  const unlisted = unlistedReason(policy, read);
  return [
    ['2 detections', detections.join(', ') || 'none matches'],
    ...countedSteps(policy, read),
    ['  deletion', deletionStep(policy, settings, read)],
    ['  row', row ? `${row.severity}${said}` : 'there is none'],
    [
      '  unlisted',
      by('unlisted').length > 0 ? `${unlisted.severity} (${unlisted.code})` : 'not asked, something above spoke',
    ],
    ['3 highest', `${verdict.reasons[0].severity}, code ${verdict.code}`],
    ['4 outcome', outcomeStep(settings, read)],
    ['5 adjust', adjustStep(policy, read, verdict)],
    ['6 action', `${verdict.severity}: ${verdict.action} (alertAt ${policy.alertAt}, logAt ${policy.logAt})`],
  ];
}

// One record reaches no count, so this is all that can be said of it alone.
function countedSteps(policy: Policy, read: ReadRecord): string[][] {
  return policy.counted.all(read).map(({ id, severity, count }) => {
    const minutes = (count?.withinMs ?? 0) / 60_000;
    return [
      '  counts',
      `towards ${id} (${severity}): ${count?.atLeast} within ${minutes} minutes by ${count?.by.join(', ')}`,
    ];
  });
}

function deletionStep(policy: Policy, settings: PolicySettings, read: ReadRecord): string {
  const { pattern, severity } = settings.deletions;
  const row = rowOf(policy, read);
  if (read.kind !== 'event' || !policy.deletionPattern.test(read.eventName ?? ''))
    return `${pattern} does not find the name`;
  if (isDeletionName(policy, read, row) && policy.unless.first(read) === undefined)
    return `${pattern} finds the name: ${severity}`;
  if (row?.overridesDeletion) return 'the row overrides it';
  return `spared by ${policy.unless.first(read)?.id}`;
}

function outcomeStep({ failed }: PolicySettings, read: ReadRecord): string {
  const outcome = outcomeOf(read.record);
  if (outcome === 'succeeded') return 'the call succeeded';
  if (outcome === 'dry-run') return 'a dry run: informational';
  const cap = outcome === 'denied' ? failed.denied : failed.other;
  return `${outcome}: ${cap === 'same' ? 'the severity stays' : `at most ${cap}, but for detections of failure`}`;
}

function adjustStep(policy: Policy, read: ReadRecord, verdict: Rated): string {
  const entries = policy.adjust
    .all(read)
    .map(({ id, severity, raise }) => `${id} (${raise ? 'at least' : 'at most'} ${severity})`);
  if (entries.length === 0) return 'no entry covers it';
  return `${entries.join(', ')}; ${verdict.adjustedBy ? `${verdict.adjustedBy} had the last word` : 'nothing changed'}`;
}
