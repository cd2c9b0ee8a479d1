import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { subscriptionEvent } from '../../cli/demo/payloads.ts';
import { DEMO_CREDENTIALS, startServers } from '../../cli/demo/servers.ts';
import { story } from '../../cli/demo/story/index.ts';
import { startFunction } from '../../cli/lambda/function-process.ts';
import { median } from './throughput.ts';

const ROUNDS = 15;
const REGION = 'eu-central-1';

/** Process start to first answer, in milliseconds: medians, and the median of the ratios of neighbours. */
export interface ColdStart {
  readonly ratio: number;
  readonly bundleMs: number;
  readonly emptyMs: number;
}

/** The bundle with one publishable record against an empty handler, in turns, both under the loopback Runtime API. */
export async function measureColdStart(taskRoot: string): Promise<ColdStart> {
  const empty = await mkdtemp(join(tmpdir(), 'trailbell-empty-'));
  await writeFile(join(empty, 'index.mjs'), 'export const handler = async () => ({});\n');
  const servers = await startServers(REGION);
  try {
    const [alerts = '', findings = '', operations = ''] = await Promise.all(['a', 'f', 'o'].map(servers.createTopic));
    const environment = {
      ALERTS_TOPIC_ARN: alerts,
      FINDINGS_TOPIC_ARN: findings,
      OPERATIONS_TOPIC_ARN: operations,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL_SNS: servers.endpoint,
      AWS_ACCESS_KEY_ID: DEMO_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: DEMO_CREDENTIALS.secretAccessKey,
    };
    const event = subscriptionEvent('DATA_MESSAGE', [publishableMessage()], new Date());
    const rounds: { readonly bundle: number; readonly empty: number }[] = [];
    for (let round = -2; round < ROUNDS; round++) {
      const emptyMs = await firstAnswer(empty, {}, event);
      const bundleMs = await firstAnswer(taskRoot, environment, event);
      if (round >= 0) rounds.push({ bundle: bundleMs, empty: emptyMs });
    }
    return {
      ratio: median(rounds.map(({ bundle, empty: base }) => bundle / base)),
      bundleMs: median(rounds.map(({ bundle }) => bundle)),
      emptyMs: median(rounds.map(({ empty: base }) => base)),
    };
  } finally {
    await servers.close();
    await rm(empty, { recursive: true });
  }
}

async function firstAnswer(taskRoot: string, environment: Record<string, string>, event: unknown): Promise<number> {
  const start = performance.now();
  const options = { taskRoot, handler: 'index.handler', environment, memoryMb: 512, timeoutMs: 30_000 };
  const lambda = await startFunction({ ...options, onLine: () => undefined });
  const result = await lambda.invoke(event);
  const elapsed = performance.now() - start;
  await lambda.stop();
  if (!result.ok) throw new Error(`${result.error.errorType}: ${result.error.errorMessage}`);
  return elapsed;
}

function publishableMessage(): string {
  const stopped = story(new Date()).find((record) => record.eventName === 'StopLogging');
  return JSON.stringify(stopped);
}
