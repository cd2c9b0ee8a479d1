import { checkSeverities } from '../function/core/check/check.ts';
import { pushdownPattern } from '../function/core/pushdown.ts';
import { knownNames, readCatalogue } from './catalogue.ts';
import { checkAgainstAws } from './check-aws.ts';
import { type Command, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { readFolder } from './severities-folder.ts';

/** `check`: failures and warnings on standard output, exit 1 when there is a failure. @throws {SeveritiesError} */
export const checkCommand: Command = {
  takesInputs: false,
  options: { ...SEVERITIES_OPTION, aws: { type: 'boolean' } },
  async run(args, io) {
    const { severities, upstream, local, examples } = await readFolder(severitiesDir(args, io));
    const today = new Date().toISOString().slice(0, 10);
    const subject = { severities, local, examples, knownNames: knownNames(await readCatalogue(io.root)), today };
    const reports = checkSeverities(subject, upstream);
    for (const { level, file, pointer, message, advice } of reports) {
      await io.out(`${level}  ${file}${pointer}\n  ${message}\n  -> ${advice}\n`);
    }
    const failures = reports.filter(({ level }) => level === 'failure').length;
    const rows = severities.services.reduce((sum, { events }) => sum + Object.keys(events).length, 0);
    await io.out(
      `${severities.services.length} services, ${rows} rows, ${severities.detections.length} detections: ` +
        `${failures} failure(s), ${reports.length - failures} warning(s)\n`,
    );
    const pushdown = pushdownPattern(severities.policy, severities.detections);
    const differs = args.options['aws'] === true && (await checkAgainstAws(io, severities, pushdown, new Date())) > 0;
    return failures > 0 || differs ? 1 : 0;
  },
};
