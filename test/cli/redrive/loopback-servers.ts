import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One call of the function. */
export interface Invocation {
  readonly path: string;
  readonly type: string;
  readonly payload: unknown;
}

/** What the function answers to a call. */
export interface FunctionAnswer {
  readonly status: number;
  readonly error?: string;
  readonly payload?: unknown;
}

// The package brings no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: { createTableMs: number }) => Server;

/** DynamoDB on a free port of 127.0.0.1. */
export function startDynamo() {
  return listening(dynalite({ createTableMs: 0 }));
}

/** Lambda's Invoke, which answers as told. @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export async function startLambda() {
  const invocations: Invocation[] = [];
  const lambda: { answer: (invocation: Invocation) => FunctionAnswer } = { answer: () => ({ status: 202 }) };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const type = String(request.headers['x-amz-invocation-type']);
      const invocation = { path: request.url ?? '', type, payload: JSON.parse(body) as unknown };
      invocations.push(invocation);
      const { status, error, payload } = lambda.answer(invocation);
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(error !== undefined && { [status < 300 ? 'x-amz-function-error' : 'x-amzn-errortype']: error }),
      });
      response.end(payload === undefined ? '' : JSON.stringify(payload));
    });
  });
  return Object.assign(lambda, { invocations }, await listening(server));
}

async function listening(server: Server) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections?.();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
