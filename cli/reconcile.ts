import { neutralise } from '../function/core/neutral.ts';
import { compilePolicy } from '../function/core/policy.ts';
import { subjectOf } from '../function/core/render/subject.ts';
import { s3Loader } from '../function/sources/objects/s3.ts';
import { AwsProblem, sayingProblems } from './aws/problem.ts';
import { logGroupOf, type StackOutputs, stackOutputs } from './aws/stack-outputs.ts';
import { Bucket } from './backfill/bucket.ts';
import { historyOf } from './backfill/history.ts';
import { count } from './backfill/progress.ts';
import { type Command, type ExitCode, type Io, severitiesDir } from './command.ts';
import { HistoryFindings } from './reconcile/history-findings.ts';
import { type Missed, missedOf } from './reconcile/missed.ts';
import { RECONCILE_OPTIONS, type ReconcileOptions, reconcileOptions } from './reconcile/options.ts';
import { readHistory } from './reconcile/read-history.ts';
import { sendMissed } from './reconcile/send-missed.ts';
import { trailBucket } from './reconcile/trail-bucket.ts';
import { PATIENCE } from './redrive/patience.ts';
import { interruptible, Pace, wordsOf } from './redrive/run.ts';
import { openLedger, type SentLedger } from './redrive/sent-ledger.ts';
import { configuredIn } from './run/configured.ts';
import { useRegion } from './run/region.ts';
import { readSeverities } from './severities-folder.ts';

/** Milliseconds that a finding may still be on its way: files that came later are left for another time. */
const UNDER_WAY = 15 * 60_000;

/** `reconcile`: exit 1 when anything was missed and not sent, or could not be read. */
export const reconcileCommand: Command = {
  takesInputs: true,
  options: RECONCILE_OPTIONS,
  async run(args, io) {
    const options = reconcileOptions(args);
    const policy = compilePolicy(await readSeverities(severitiesDir(args, io)));
    return sayingProblems(io, async () => {
      const stack = await stackOutputs(io.root, options.outputs);
      const region = stack.operations.split(':')[3] ?? '';
      if (stack.ledgerTable === undefined) {
        throw new AwsProblem('the stack has no ledger, or is older than it: nothing is known of what was sent');
      }
      const ledger = await openLedger(stack.ledgerTable, region);
      const { teams, includeRecord } = await configuredIn(io.root);
      // What the trail of the stack writes to the bucket is in the log group, too.
      const place = options.location ? undefined : { region, logGroup: logGroupOf(stack, TO_NAME) };
      const findings = new HistoryFindings(policy, teams, place);
      await useRegion(region);
      return interruptible(io, (stop) =>
        reconcile({ io, options, stack, region, ledger, findings, includeRecord, stop }),
      );
    });
  },
};

const TO_NAME = 'no trail can be found by it, so name the place of the files, s3://BUCKET/PREFIX';

interface Reconciling {
  readonly io: Io;
  readonly options: ReconcileOptions;
  readonly stack: StackOutputs;
  readonly region: string;
  readonly ledger: SentLedger;
  readonly findings: HistoryFindings;
  readonly includeRecord: boolean;
  readonly stop: AbortSignal;
}

async function reconcile(parts: Reconciling): Promise<ExitCode> {
  const { io, options, stack, region, ledger, findings, stop } = parts;
  const { bucket, prefix } = options.location ?? (await trailBucket(region, logGroupOf(stack, TO_NAME)));
  const now = new Date();
  const [from, until] = [new Date(now.getTime() - options.since), new Date(now.getTime() - UNDER_WAY)];
  const selection = { bucket, prefix, from, until, accounts: undefined, regions: undefined };
  const history = historyOf(await Bucket.open(bucket), selection, now);
  const { objects, unread } = await readHistory(io, s3Loader(), bucket, history, findings, stop);
  const found = findings.finish();
  const missed = await missedOf(ledger, [...stack.topics.keys()], found);
  const sure = missed.filter(({ finding }) => !finding.isByCount);
  const unsure = missed.filter(({ finding }) => finding.isByCount);
  for (const one of sure) await io.out(`missed  ${lineOf(one)}\n`);
  for (const one of unsure) await io.out(`unsure  ${lineOf(one)}\n`);
  const sent = found.length - missed.length;
  await io.out(
    `${count(objects)} object(s) since ${from.toISOString().slice(0, 19)}Z, ${count(findings.records)} record(s), ` +
      `${count(found.length)} finding(s): ${count(sent)} sent, ${count(sure.length)} missed, ${count(unsure.length)} by a count unsure\n`,
  );
  if (objects + unread === 0) io.say(`trailbell: no CloudTrail file came to s3://${bucket}/${prefix} in this time`);
  if (findings.rejected > 0) io.say(`${count(findings.rejected)} record(s) are no CloudTrail records`);
  if (unread > 0) io.say(`${count(unread)} object(s) were not read: of these nothing is proven`);
  const isWhole = unread === 0 && objects > 0 && !stop.aborted;
  if (sure.length === 0) return isWhole ? 0 : 1;
  if (!options.send) {
    io.say('reconcile --send publishes what was missed');
    return 1;
  }
  const outcome = await sendAll(parts, sure);
  await io.out(`${wordsOf(outcome, false)}\n`);
  return isWhole && outcome.left === 0 && !stop.aborted ? 0 : 1;
}

async function sendAll(parts: Reconciling, missed: readonly Missed[]) {
  const { SNSClient } = await import('@aws-sdk/client-sns');
  const sns = new SNSClient({ region: parts.region, ...PATIENCE });
  return sendMissed({ ...parts, sns, topics: parts.stack.topics, pace: new Pace(parts.options.rate) }, missed);
}

function lineOf({ finding, topics }: Missed): string {
  const made = finding.finding();
  const time = neutralise(made.eventTime ?? 'no time', 40);
  return `${time}  ${subjectOf(made)}  ${finding.dedupKey}  (${topics.join(', ')})`;
}
