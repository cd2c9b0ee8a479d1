import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** Largest invocation event and largest response, in bytes. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** What Lambda tells a caller about a failed invocation. `errorType` is the thrown error's name or a `Runtime.`, `Function.` or `Sandbox.` type. */
export interface InvocationError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace: readonly string[];
}

/** A failed invocation. */
export interface FailedInvocation {
  readonly ok: false;
  readonly error: InvocationError;
}

/** How one invocation ended. A failure is a value: `invoke` never rejects because of what the function does. */
export type InvocationResult = { readonly ok: true; readonly response: unknown } | FailedInvocation;

/** A failed result with an empty stack trace. */
export function failed(errorType: string, errorMessage: string): FailedInvocation {
  return { ok: false, error: { errorType, errorMessage, stackTrace: [] } };
}

/** One event on its way through the function. Settles once: every later answer is refused. */
export class Invocation {
  readonly id: string;
  readonly result: Promise<InvocationResult>;
  readonly #body: string;
  readonly #deadline: number;
  readonly #timer: NodeJS.Timeout;
  #resolve: (result: InvocationResult) => void = () => {};
  #settled = false;

  /** `body` is the event as JSON. The clock of `timeoutMs` starts here, as a caller's does. All tries of an event share `id`. */
  constructor(body: string, timeoutMs: number, id: string = randomUUID()) {
    this.id = id;
    this.#body = body;
    this.#deadline = Date.now() + timeoutMs;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = setTimeout(() => {
      this.settle(failed('Sandbox.Timedout', `${this.id} timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`));
    }, timeoutMs);
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Ends the invocation. False when it had already ended. */
  settle(result: InvocationResult): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#resolve(result);
    return true;
  }

  /** Answers a waiting `next` request with this event. @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-next */
  handTo(response: ServerResponse, functionArn: string): void {
    const trace = this.id.replaceAll('-', '');
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': this.id,
      'Lambda-Runtime-Deadline-Ms': String(this.#deadline),
      'Lambda-Runtime-Invoked-Function-Arn': functionArn,
      'Lambda-Runtime-Trace-Id': `Root=1-${trace.slice(0, 8)}-${trace.slice(8)};Sampled=0`,
    });
    response.end(this.#body);
  }
}
