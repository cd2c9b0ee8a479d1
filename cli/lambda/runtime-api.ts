import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type FailedInvocation,
  failed,
  Invocation,
  type InvocationError,
  type InvocationResult,
  MAX_PAYLOAD_BYTES,
} from './invocation.ts';

/** The Lambda side of one execution environment: events in, answers out. */
export interface RuntimeApi {
  /** `host:port`, what AWS_LAMBDA_RUNTIME_API holds. */
  readonly address: string;
  /** Settles when the runtime first asks for work, or when it is known that it never will. */
  readonly ready: Promise<void>;
  /**
   * Hands `event` to the runtime after those before it. Always answers, at the latest after `timeoutMs`.
   * @param requestId a UUID no open invocation has. @default a new one
   */
  invoke(event: unknown, timeoutMs: number, requestId?: string): Promise<InvocationResult>;
  /** Answers every open and every later invocation with `result`; the first call decides. */
  fail(result: FailedInvocation): void;
  /** Fails what is open and frees the port. */
  close(): Promise<void>;
}

const PREFIX = '/2018-06-01/runtime';
const ANSWER = new RegExp(`^${PREFIX}/invocation/([0-9a-f-]{36})/(response|error)$`);

/**
 * Serves the Lambda Runtime API on a free loopback port, for one runtime process at a time.
 * Bodies over 6 MB are refused as Lambda refuses them.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startRuntimeApi(functionArn: string): Promise<RuntimeApi> {
  const queue: Invocation[] = [];
  const running = new Map<string, Invocation>();
  const waiting: ServerResponse[] = [];
  const ready = Promise.withResolvers<void>();
  let end: FailedInvocation | undefined;

  const pair = () => {
    while (queue.length > 0 && waiting.length > 0) {
      const invocation = queue.shift()!;
      if (invocation.settled) continue;
      running.set(invocation.id, invocation);
      void invocation.result.then(() => running.delete(invocation.id));
      invocation.handTo(waiting.shift()!, functionArn);
    }
  };
  const fail: RuntimeApi['fail'] = (result) => {
    end ??= result;
    for (const invocation of [...queue.splice(0), ...running.values()]) invocation.settle(result);
    ready.resolve();
  };
  const answerTo = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    if (request.method === 'GET' && path === `${PREFIX}/invocation/next`) {
      ready.resolve();
      waiting.push(response);
      response.once('close', () => waiting.includes(response) && waiting.splice(waiting.indexOf(response), 1));
      return pair();
    }
    if (request.method !== 'POST') return reply(response, 404, 'NotFound');
    const body = await bodyOf(request);
    if (path === `${PREFIX}/init/error`) {
      fail({ ok: false, error: errorIn(body) });
      return reply(response, 202);
    }
    const [, id = '', kind] = ANSWER.exec(path) ?? [];
    const invocation = running.get(id);
    if (invocation === undefined) return reply(response, kind === undefined ? 404 : 400, 'InvalidRequestID');
    if (body === undefined) {
      invocation.settle(failed('Function.ResponseSizeTooLarge', `the answer exceeds ${MAX_PAYLOAD_BYTES} bytes`));
      return reply(response, 413, 'RequestEntityTooLarge');
    }
    invocation.settle(kind === 'error' ? { ok: false, error: errorIn(body) } : responseIn(body));
    return reply(response, 202);
  };

  const server = createServer((request, response) => {
    // Only a connection that breaks in mid-request rejects; who sent it then sees the process end.
    answerTo(request, response).catch((cause) => response.destroy(cause));
  });
  // A handler may think for longer than any idle limit, and its connection must still be there to answer on.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: ready.promise,
    invoke(event, timeoutMs, requestId) {
      if (end !== undefined) return Promise.resolve(end);
      const body = JSON.stringify(event) ?? 'null';
      if (Buffer.byteLength(body) > MAX_PAYLOAD_BYTES) {
        return Promise.resolve(
          failed('RequestEntityTooLargeException', `the event exceeds ${MAX_PAYLOAD_BYTES} bytes`),
        );
      }
      const invocation = new Invocation(body, timeoutMs, requestId);
      queue.push(invocation);
      pair();
      return invocation.result;
    },
    fail,
    async close() {
      fail(failed('Sandbox.Closed', 'the runtime API was closed'));
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function reply(response: ServerResponse, status: number, errorType?: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(errorType === undefined ? { status: 'OK' } : { errorType, errorMessage: errorType }));
}

/** The whole body, or undefined when it is over the limit; what is over is read and dropped, so the answer arrives. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_PAYLOAD_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

function responseIn(body: string): InvocationResult {
  try {
    return { ok: true, response: JSON.parse(body) };
  } catch (cause) {
    return failed('Runtime.MarshalError', `the answer is not JSON: ${String(cause)}`);
  }
}

/** Reads an error body as the runtime sends it; whatever is missing or of another kind reads as unknown. */
function errorIn(body: string | undefined): InvocationError {
  const read = body === undefined ? undefined : responseIn(body);
  const given = (read?.ok === true ? read.response : undefined) as Partial<Record<string, unknown>> | null | undefined;
  const text = (value: unknown, other: string) => (typeof value === 'string' ? value : other);
  return {
    errorType: text(given?.errorType, 'Runtime.Unknown'),
    errorMessage: text(given?.errorMessage, 'the runtime gave no readable error'),
    stackTrace: Array.isArray(given?.stackTrace) ? given.stackTrace.map(String) : [],
  };
}
