import { classify } from '../function/core/classify.ts';
import { compileFilterPattern } from '../function/core/filter-pattern/compile.ts';
import { neutralise } from '../function/core/neutral.ts';
import { compilePolicy } from '../function/core/policy.ts';
import { readRecord } from '../function/core/record.ts';
import type { Severities, WhitelistEntry } from '../function/core/severities/model.ts';
import { asking, sayingProblems } from './aws/problem.ts';
import type { ExitCode, Io } from './command.ts';
import { story } from './demo/story/index.ts';

/** The pattern a stack with `"pushdown": true` gives its subscription, and what it leaves to the function. */
export interface PushedDown {
  /** Empty when nothing is pushed down. */
  readonly pattern: string;
  readonly pushed: readonly string[];
  readonly kept: readonly { readonly id: string; readonly why: string }[];
}

/** Samples of one call. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html */
const SAMPLES_PER_CALL = 50;

/** Most differences printed: one is enough to leave pushdown off. */
const MAX_SHOWN = 20;

type Sample = Readonly<Record<string, unknown>>;

/**
 * Asks CloudWatch Logs itself which sample records the pattern lets through, and compares with what trailbell says.
 * Creates nothing; needs `logs:TestMetricFilter`.
 * @returns 1 when AWS drops a record that is not whitelisted, or answers otherwise than trailbell's own evaluation
 */
export function checkAgainstAws(
  io: Io,
  severities: Severities,
  { pattern, pushed, kept }: PushedDown,
  day: Date,
  region?: string,
): Promise<ExitCode> {
  return sayingProblems(io, async () => {
    for (const { id, why } of kept) await io.out(`not pushed down: ${id} (${neutralise(why)})\n`);
    if (pattern === '') {
      await io.out(
        'AWS was not asked: no whitelist entry can be pushed down, so the subscription takes every record.\n',
      );
      return 0;
    }
    const samples = [...whitelistSamples(severities.policy.whitelist), ...story(day)].map(marked);
    const passes = compileFilterPattern(pattern);
    const policy = compilePolicy(severities);
    const passedByAws = await passedBy(pattern, samples, region);
    const differences = samples.flatMap((sample, index) => {
      const aws = passedByAws.has(index);
      const read = readRecord(sample);
      const isWhitelisted = !('unreadable' in read) && classify(policy, read).verdict === 'whitelisted';
      if (!aws && !isWhitelisted) return [`AWS drops a record that is not whitelisted: ${shown(sample)}`];
      if (aws === passes(sample)) return [];
      return [`AWS ${aws ? 'lets through' : 'drops'}, trailbell ${aws ? 'drops' : 'lets through'}: ${shown(sample)}`];
    });
    for (const difference of differences.slice(0, MAX_SHOWN)) await io.out(`${difference}\n`);
    await io.out(
      `pushdown of ${pushed.join(', ')}: AWS was shown ${samples.length} records and dropped ` +
        `${samples.length - passedByAws.size}; ${differences.length} difference(s)\n`,
    );
    return differences.length > 0 ? 1 : 0;
  });
}

/** For each named call: the call, its near misses, and the same without the fields a pattern asks for. */
function whitelistSamples(whitelist: readonly WhitelistEntry[]): Sample[] {
  return whitelist.flatMap(({ eventSource, eventNames }) => {
    if (eventSource === undefined || eventNames === undefined) return [];
    return eventNames.flatMap((written): Sample[] => {
      const eventName = written.replaceAll('*', 'Any');
      return [
        { eventSource, eventName },
        { eventSource, eventName: `${eventName}Other` },
        { eventSource, eventName: `Other${eventName}` },
        { eventSource, eventName: eventName.toLowerCase() },
        { eventSource: 'example.amazonaws.com', eventName },
        { eventSource: `other.${eventSource}`, eventName },
        { eventSource, eventName: '' },
        { eventSource, eventName: null },
        { eventSource: null, eventName },
        { eventName },
        { eventSource },
      ];
    });
  });
}

// Ids of their own make equal samples different texts.
function marked(sample: Sample, index: number): Sample {
  return { ...sample, eventID: `sample-${index}` };
}

/** The indexes of samples that the pattern finds, as AWS evaluates it. */
async function passedBy(pattern: string, samples: readonly Sample[], region?: string): Promise<ReadonlySet<number>> {
  const { CloudWatchLogsClient, TestMetricFilterCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const chosen = region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  const client = new CloudWatchLogsClient(chosen === undefined ? {} : { region: chosen });
  const texts = samples.map((sample) => JSON.stringify(sample));
  const indexes = new Map(texts.map((text, index) => [text, index]));
  const passed = new Set<number>();
  for (let start = 0; start < texts.length; start += SAMPLES_PER_CALL) {
    const logEventMessages = texts.slice(start, start + SAMPLES_PER_CALL);
    const { matches = [] } = await asking('logs:TestMetricFilter', () =>
      client.send(new TestMetricFilterCommand({ filterPattern: pattern, logEventMessages })),
    );
    for (const { eventMessage = '' } of matches) {
      const index = indexes.get(eventMessage);
      if (index === undefined) throw new Error('TestMetricFilter answered with a message it was not sent');
      passed.add(index);
    }
  }
  return passed;
}

function shown(sample: Sample): string {
  const { eventSource, eventName, eventID } = sample;
  return neutralise(JSON.stringify({ eventSource, eventName, eventID }));
}
