import { alertEnvironment } from '../../function/alert-environment.ts';
import { compilePolicy } from '../../function/core/policy.ts';
import { snsLoader } from '../../function/sinks/sns.ts';
import { sqsLoader } from '../../function/sinks/sqs.ts';
import { s3Loader } from '../../function/sources/objects/s3.ts';
import { type Arguments, type Io, severitiesDir } from '../command.ts';
import { readSeverities } from '../severities-folder.ts';
import { alertSettings } from './alert-settings.ts';
import { alertTaker } from './alert-taker.ts';
import { configuredIn } from './configured.ts';
import { outputOf } from './endpoint.ts';
import type { Journal } from './journal.ts';
import { lineTaker } from './line-taker.ts';
import { type RunTarget, targetQueueOf } from './options.ts';
import { recordTaker } from './record-taker.ts';
import { useRegion } from './region.ts';
import type { Taker } from './taker.ts';

/** Times as long as in a function the ledger is waited for: nobody pays by the millisecond. */
const PATIENCE = 4;

/**
 * What takes records to a worker's target.
 * @param region where the queue is, as far as its address says
 * @throws {UsageError}, {SeveritiesError}, {SettingsError} and {AwsProblem} before anything is read
 */
export async function openTaker(
  to: RunTarget,
  region: string | undefined,
  args: Arguments,
  io: Io,
  journal: Journal,
): Promise<Taker> {
  if (to === 'alerts') return openAlerts(args, io, journal);
  await useRegion(region);
  if (to === 'stdout') return lineTaker(io, s3Loader(), journal);
  return openRecords(args, to === 'http' ? 'http-lines' : 'bulk', journal);
}

/** Takes records to the output that a command line describes. @throws {UsageError} */
export async function openRecords(args: Arguments, output: 'bulk' | 'http-lines', journal: Journal): Promise<Taker> {
  const deadLetters = args.options['dead-letters'];
  return recordTaker({
    output: await outputOf(args, output),
    deadLetters:
      typeof deadLetters === 'string'
        ? { load: sqsLoader(), queueUrl: targetQueueOf(deadLetters, '--dead-letters') }
        : undefined,
    functionName: journal.name,
    region: process.env['AWS_REGION'] ?? '',
    logger: journal.logger,
    loadS3: s3Loader(),
    now: () => new Date(),
  });
}

async function openAlerts(args: Arguments, io: Io, journal: Journal): Promise<Taker> {
  const { outputs } = args.options;
  const severities = await readSeverities(severitiesDir(args, io));
  const configured = await configuredIn(io.root);
  const file = typeof outputs === 'string' ? outputs : undefined;
  const settings = await alertSettings(io.root, file, configured, process.env);
  // Topics, table and queue of what is refused are where the stack is.
  await useRegion(settings.region, 'always');
  return alertTaker(
    alertEnvironment({
      settings,
      policy: compilePolicy(severities),
      teams: configured.teams,
      logger: journal.logger,
      loadSns: snsLoader(),
      patience: PATIENCE,
      now: () => new Date(),
    }),
  );
}
