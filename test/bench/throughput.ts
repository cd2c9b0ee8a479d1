import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import { story } from '../../cli/demo/story/index.ts';
import { readSeverities } from '../../cli/severities-folder.ts';
import { alertEnvironment } from '../../function/alert-environment.ts';
import { classify } from '../../function/core/classify.ts';
import { buildFinding } from '../../function/core/finding.ts';
import { compilePolicy, type Policy } from '../../function/core/policy.ts';
import { readMessage } from '../../function/core/record.ts';
import { type Environment, runInvocation } from '../../function/invocation.ts';
import { parseSettings } from '../../function/settings.ts';
import { createLogger, logDestination } from '../../function/sinks/logger.ts';
import { topicMessage } from '../../function/sinks/topic-message.ts';
import { benchDetections } from './detections.ts';
import { type Mix, quietMix, realMix } from './mixes.ts';

const ROUNDS = 25;
/** Rounds before counting: a function is measured warm, its cold start apart. */
const WARM_UP = 40;

/** Time of the floor over time of the handler, with what it was computed from. */
export interface Throughput {
  readonly ratio: number;
  readonly floorMicrosPerRecord: number;
  readonly handlerMicrosPerRecord: number;
  readonly records: string;
}

/**
 * The whole handler against the floor, in turns, medians of rounds; the log goes to a null file.
 * @param detections how many made-up detections the policy has besides its own
 */
export async function measureThroughput(
  severities: string,
  detections: number,
): Promise<Record<Mix['name'], Throughput>> {
  const own = await readSeverities(severities);
  const policy = compilePolicy({ ...own, detections: [...own.detections, ...benchDetections(detections)] });
  const environment = benchEnvironment(policy);
  return {
    quiet: await compare(quietMix(policy), environment),
    real: await compare(realMix(policy), environment),
  };
}

async function compare(mix: Mix, environment: Environment): Promise<Throughput> {
  const floors: number[] = [];
  const handlers: number[] = [];
  const ratios: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const floorStart = performance.now();
    for (const event of mix.events) floor(event);
    const handlerStart = performance.now();
    for (const event of mix.events) await runInvocation(environment, event, { remaining: () => 60_000 });
    const end = performance.now();
    if (round < 0) continue;
    floors.push(handlerStart - floorStart);
    handlers.push(end - handlerStart);
    ratios.push((handlerStart - floorStart) / (end - handlerStart));
  }
  const records = mix.events.reduce((sum, event) => sum + floor(event), 0);
  return {
    ratio: median(ratios),
    floorMicrosPerRecord: (median(floors) * 1000) / records,
    handlerMicrosPerRecord: (median(handlers) * 1000) / records,
    records: mix.source,
  };
}

/** Base64, gunzip, JSON.parse of the payload and of each message, nothing else. */
function floor(event: { awslogs: { data: string } }): number {
  const payload = JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, 'base64')).toString('utf8'));
  for (const { message } of payload.logEvents) JSON.parse(message);
  return payload.logEvents.length;
}

/** Microseconds to build one finding and render it for the mail and the program topic. */
export async function measureFinding(severities: string): Promise<number> {
  const policy = compilePolicy(await readSeverities(severities));
  const reads = story(new Date('2026-11-20T12:00:00Z')).map((record) => readMessage(JSON.stringify(record)));
  const published = reads.flatMap((read) => {
    const verdict = classify(policy, read);
    return verdict.action === 'publish' && !('unreadable' in read) ? [{ read, verdict }] : [];
  });
  const now = new Date('2026-11-20T12:00:00Z');
  const times: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const start = performance.now();
    for (const { read, verdict } of published) {
      const finding = buildFinding(policy, read, verdict, { dedupKey: 'bench', place: undefined, teams: [] });
      topicMessage('alerts', finding, now, true);
      topicMessage('findings', finding, now, true);
    }
    if (round >= 0) times.push(((performance.now() - start) * 1000) / published.length);
  }
  return median(times);
}

function benchEnvironment(policy: Policy): Environment {
  const arn = (name: string) => `arn:aws:sns:eu-central-1:123456789012:${name}`;
  const settings = parseSettings({
    ALERTS_TOPIC_ARN: arn('alerts'),
    FINDINGS_TOPIC_ARN: arn('findings'),
    OPERATIONS_TOPIC_ARN: arn('operations'),
    AWS_REGION: 'eu-central-1',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
  });
  const loadSns = () => Promise.reject(new Error('the mixes publish nothing'));
  const logger = createLogger(logDestination('/dev/null'));
  return alertEnvironment({ settings, policy, teams: [], logger, loadSns, now: () => new Date() });
}

/** The middle of a list of figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
