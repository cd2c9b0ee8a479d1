import { compilePolicy } from '../../function/core/policy.ts';
import { sqsLoader } from '../../function/sinks/sqs.ts';
import { s3Loader } from '../../function/sources/objects/s3.ts';
import { type Arguments, type Io, severitiesDir } from '../command.ts';
import type { Journal } from '../run/journal.ts';
import { openRecords } from '../run/open-taker.ts';
import { regionOfQueue, targetQueueOf } from '../run/options.ts';
import { useRegion } from '../run/region.ts';
import { readSeverities } from '../severities-folder.ts';
import { UsageError } from '../usage-error.ts';
import type { BackfillOptions } from './options.ts';
import { reportTarget } from './report-target.ts';
import { streamTaker } from './stream-target.ts';
import { queueTarget, type Target, takerTarget } from './target.ts';

/** Opens what a backfill goes to. Gives the process a Region. @throws {UsageError} and {SeveritiesError} before anything is read */
export async function openTarget(
  { target, selection: { bucket } }: BackfillOptions,
  args: Arguments,
  io: Io,
  journal: Journal,
): Promise<Target> {
  const { queue, alerts, json } = args.options;
  if (alerts === true && target !== 'queue') throw new UsageError('--alerts goes with --to queue: nothing else alerts');
  if (target === 'queue') {
    if (typeof queue !== 'string') throw new UsageError('--queue is missing: the URL of the queue');
    const url = targetQueueOf(queue, '--queue');
    await useRegion(regionOfQueue(url), 'always');
    return queueTarget(io, sqsLoader(), url, bucket, alerts === true);
  }
  await useRegion(undefined);
  switch (target) {
    case 'opensearch':
      return takerTarget(await openRecords(args, 'bulk', journal), bucket);
    case 'kinesis':
      return takerTarget(streamTaker(args, journal), bucket);
    case 'report': {
      const policy = compilePolicy(await readSeverities(severitiesDir(args, io)));
      return reportTarget(io, s3Loader(), journal, bucket, { policy, json: json === true });
    }
  }
}
