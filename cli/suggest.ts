import { printableJson } from '../function/core/neutral.ts';
import { compilePolicy } from '../function/core/policy.ts';
import { type Command, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { readFolder } from './severities-folder.ts';
import { completed } from './suggest/completed.ts';
import { draftEntries } from './suggest/draft-entries.ts';
import { NoiseGroups } from './suggest/noise-groups.ts';
import { addFindings } from './suggest/replayed-findings.ts';
import { suggestionsOf, suggestionsText } from './suggest/suggestions.ts';
import { UsageError } from './usage-error.ts';

/** `suggest`: exit 0 when every input could be read, whether or not there is anything to suggest. @throws {SeveritiesError} */
export const suggestCommand: Command = {
  takesInputs: true,
  options: { ...SEVERITIES_OPTION, whitelist: { type: 'boolean' }, json: { type: 'boolean' } },
  async run(args, io) {
    if (args.inputs.length === 0) throw new UsageError('suggest takes inputs: files, folders, or - for standard input');
    const folder = await readFolder(severitiesDir(args, io));
    const groups = new NoiseGroups(compilePolicy(folder.severities));
    const exitCode = await addFindings(args.inputs, io, folder.severities, groups);
    const { whitelist, json } = args.options;
    const drafts = completed(draftEntries(groups, { whitelist: whitelist === true, today: new Date() }), folder);
    const suggestions = suggestionsOf(groups, drafts);
    await io.out(json === true ? `${printableJson(suggestions)}\n` : suggestionsText(suggestions));
    return exitCode;
  },
};
