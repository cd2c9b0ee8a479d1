import { fileURLToPath } from 'node:url';
import { startFunction } from '../../cli/lambda/function-process.ts';
import type { InvocationResult } from '../../cli/lambda/invocation.ts';

/** The most a function's process held at any time of its life, in bytes. */
export interface Peaks {
  /** JavaScript heap in use, garbage included, at the collector's own starts and at the end. */
  readonly heap: number;
  /** Resident memory of the whole process: what Lambda's memory setting limits. */
  readonly resident: number;
}

/** Results of the events, in order, and what running them took. */
export interface Measured {
  readonly results: readonly InvocationResult[];
  readonly lines: readonly string[];
  readonly peaks: Peaks;
}

/** How to run what is measured. */
export interface MeasuredRun {
  /** Folder of the bundle. */
  readonly taskRoot: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly events: readonly unknown[];
  readonly memoryMb: number;
  readonly timeoutMs: number;
}

const PROBE = new URL('./memory-probe.mjs', import.meta.url);
const MARK = 'memory-peaks ';

/** Runs events one after the other in one function process under a probe. */
export async function measureMemory(run: MeasuredRun): Promise<Measured> {
  const { taskRoot, environment, events, memoryMb, timeoutMs } = run;
  const lines: string[] = [];
  const lambda = await startFunction({
    taskRoot,
    handler: 'index.handler',
    environment: { ...environment, NODE_OPTIONS: `--import ${fileURLToPath(PROBE)}` },
    memoryMb,
    timeoutMs,
    onLine: (line) => lines.push(line),
  });
  const results: InvocationResult[] = [];
  try {
    for (const event of events) results.push(await lambda.invoke(event));
  } finally {
    await lambda.stop();
  }
  const said = lines.find((line) => line.startsWith(MARK));
  if (said === undefined)
    throw new Error(`the process died before it could say what it held: ${JSON.stringify(results)}`);
  return {
    results,
    lines: lines.filter((line) => line !== said),
    peaks: JSON.parse(said.slice(MARK.length)) as Peaks,
  };
}
