import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { failed, type InvocationResult } from './invocation.ts';
import { startRuntimeApi } from './runtime-api.ts';

/** What a deployed function is made of. */
export interface FunctionOptions {
  /** Absolute folder of the bundle. */
  readonly taskRoot: string;
  /** `file.export`; the file is `file.mjs` in `taskRoot`. */
  readonly handler: string;
  /** The only variables the process sees besides those Lambda sets itself; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Also the ceiling of the JavaScript heap, in MB; buffers outside the heap are not limited. */
  readonly memoryMb: number;
  /** For one invocation, and for initialisation up to Lambda's own limit. */
  readonly timeoutMs: number;
  /** Each line the process writes, standard output and standard error alike; all have been given once `stop` answers. */
  readonly onLine: (line: string) => void;
}

/** A function in a Node process of its own. */
export interface FunctionProcess {
  /** Milliseconds from the start of the process until it asked for work, or failed to. */
  readonly initMs: number;
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /**
   * Runs one event to its end. Always answers: the death of the process and a timeout are failed results, and so is every
   * call after them, since a process is not started again.
   * @param requestId the one of an earlier try, where Lambda tries an event again. @default a new one
   */
  invoke(event: unknown, requestId?: string): Promise<InvocationResult>;
  /** Ends the process and waits until it has gone. May be called again. */
  stop(): Promise<void>;
}

/** Longest initialisation, in milliseconds. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const MAX_INIT_MS = 10_000;
const GRACE_MS = 2_000;
const NAME = 'trailbell-alert';

/**
 * Starts a bundle as Lambda does and waits for its initialisation. A bundle that cannot start is no exception here: its
 * error is the answer to every `invoke`, as with Lambda.
 */
export async function startFunction(options: FunctionOptions): Promise<FunctionProcess> {
  const { memoryMb, taskRoot, timeoutMs } = options;
  const region = options.environment.AWS_REGION ?? 'eu-central-1';
  const api = await startRuntimeApi(`arn:aws:lambda:${region}:123456789012:function:${NAME}`);
  const started = performance.now();
  const bootstrap = fileURLToPath(new URL('./bootstrap.mjs', import.meta.url));
  const child = spawn(process.execPath, [`--max-old-space-size=${memoryMb}`, bootstrap], {
    cwd: taskRoot,
    env: environmentOf(options, region, api.address),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  forward(child.stdout, options.onLine);
  forward(child.stderr, options.onLine);
  const gone = Promise.withResolvers<void>();
  child.once('error', (cause) => {
    api.fail(failed('Runtime.StartError', `the process could not be run: ${cause.message}`));
    if (child.pid === undefined) gone.resolve();
  });
  child.once('exit', (code, signal) => {
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    api.fail(failed('Runtime.ExitError', `the process ended with ${how}`));
  });
  child.once('close', () => gone.resolve());

  const initLimit = Math.min(MAX_INIT_MS, timeoutMs);
  const late = setTimeout(() => {
    api.fail(failed('Sandbox.Timedout', `initialisation took longer than ${initLimit} ms`));
    child.kill('SIGKILL');
  }, initLimit);
  await api.ready;
  clearTimeout(late);

  return {
    initMs: performance.now() - started,
    pid: child.pid,
    async invoke(event, requestId) {
      const result = await api.invoke(event, timeoutMs, requestId);
      if (!result.ok && result.error.errorType === 'Sandbox.Timedout') {
        api.fail(failed('Sandbox.Timedout', 'an earlier invocation timed out'));
        child.kill('SIGKILL');
      }
      return result;
    },
    async stop() {
      const insist = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      child.kill('SIGTERM');
      await gone.promise;
      clearTimeout(insist);
      await api.close();
    },
  };
}

function forward(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function environmentOf(options: FunctionOptions, region: string, address: string): NodeJS.ProcessEnv {
  return {
    TZ: ':UTC',
    ...options.environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: NAME,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(options.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${NAME}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'loopback/[$LATEST]',
    AWS_LAMBDA_RUNTIME_API: address,
    LAMBDA_TASK_ROOT: options.taskRoot,
    _HANDLER: options.handler,
  };
}
