import { printableJson } from '../function/core/neutral.ts';
import { compilePolicy } from '../function/core/policy.ts';
import { eventIdOf, type SourceRecord } from '../function/core/record.ts';
import type { Verdict } from '../function/core/verdict.ts';
import { type Command, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { HeldLines } from './held-lines.ts';
import { eachInput } from './input/inputs.ts';
import { recordsOf } from './input/records.ts';
import { readSeverities } from './severities-folder.ts';
import { UsageError } from './usage-error.ts';
import { WholeInput } from './whole-input.ts';

/** `classify`: exit 0 when every input could be read, whatever its records are. @throws {SeveritiesError} */
export const classifyCommand: Command = {
  takesInputs: true,
  options: SEVERITIES_OPTION,
  async run(args, io) {
    if (args.inputs.length === 0)
      throw new UsageError('classify takes inputs: files, folders, or - for standard input');
    const whole = new WholeInput(compilePolicy(await readSeverities(severitiesDir(args, io))));
    const held = new HeldLines();
    const exitCode = await eachInput(args.inputs, io, async (input) => {
      for await (const source of recordsOf(input)) {
        const verdict = whole.take(source);
        const line = verdict && lineOf(source, verdict);
        if (line === undefined || held.waiting) await held.hold(line);
        else await io.out(`${line}\n`);
      }
    });
    for await (const line of held.release(linesOf(whole))) await io.out(`${line}\n`);
    return exitCode;
  },
};

function* linesOf(whole: WholeInput): Iterable<string> {
  for (const [source, verdict] of whole.finish()) yield lineOf(source, verdict);
}

function lineOf(source: SourceRecord, verdict: Verdict): string {
  return printableJson(verdictLine(source, verdict));
}

/**
 * A verdict as `classify` prints it: eight keys always there, absent fields null, then what applies. Of a rejected
 * object, what there is of the three.
 */
export function verdictLine({ read }: SourceRecord, verdict: Verdict): Record<string, unknown> {
  const names: { readonly eventSource?: unknown; readonly eventName?: unknown } =
    'unreadable' in read ? (read.record ?? {}) : read;
  const line: Record<string, unknown> = {
    eventID: (read.record && eventIdOf(read.record)) ?? null,
    eventSource: stringOrNull(names.eventSource),
    eventName: stringOrNull(names.eventName),
    verdict: verdict.verdict,
    severity: verdict.severity,
    code: verdict.code,
    action: verdict.action,
    reasons: verdict.reasons.map(({ by, id, severity }) =>
      id === undefined ? { by, severity } : { by, id, severity },
    ),
  };
  if (verdict.verdict === 'rated') {
    if (verdict.adjustedBy !== undefined) line['adjustedBy'] = verdict.adjustedBy;
    if (verdict.failed !== undefined) line['failed'] = verdict.failed;
  }
  return line;
}

function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
