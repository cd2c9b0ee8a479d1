import { wrongExamples } from '../function/core/check/examples.ts';
import { knownNames, readCatalogue } from './catalogue.ts';
import { type Command, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { readFolder } from './severities-folder.ts';
import { UsageError } from './usage-error.ts';

/** `test`: exit 1 when an example does not do what it says. @throws {SeveritiesError} */
export const testCommand: Command = {
  takesInputs: true,
  options: SEVERITIES_OPTION,
  async run(args, io) {
    const { severities, local, examples } = await readFolder(severitiesDir(args, io));
    const all = severities.detections;
    const unknown = args.inputs.filter((id) => !all.some((detection) => detection.id === id));
    if (unknown.length > 0) throw new UsageError(`there is no detection ${JSON.stringify(unknown[0]?.slice(0, 64))}`);
    const detections = args.inputs.length === 0 ? all : all.filter(({ id }) => args.inputs.includes(id));
    const today = new Date().toISOString().slice(0, 10);
    const subject = {
      severities: { ...severities, detections },
      local,
      examples,
      knownNames: knownNames(await readCatalogue(io.root)),
      today,
    };
    const wrong = [...wrongExamples(subject)];
    for (const { file, pointer, message, advice } of wrong) {
      await io.out(`failure  ${file}${pointer}\n  ${message}\n  -> ${advice}\n`);
    }
    const count = detections.reduce((sum, { id }) => sum + countOf(examples.get(id)), 0);
    await io.out(`${detections.length} detection(s), ${count} examples: ${wrong.length} failure(s)\n`);
    return wrong.length > 0 ? 1 : 0;
  },
};

function countOf(examples: { match: readonly unknown[]; noMatch: readonly unknown[] } | undefined): number {
  return (examples?.match.length ?? 0) + (examples?.noMatch.length ?? 0);
}
