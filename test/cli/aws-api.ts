import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';

/** One request: `service:Operation` in the JSON protocols, `Operation` in the query protocol, with its input. */
export interface ApiCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly userAgent: string;
}

/** An answer: output fields; or an error AWS would give. Query operations answer with XML inside their result element. */
export type ApiAnswer = Readonly<Record<string, unknown>> | string | ApiError;

/** An error AWS would give. */
export class ApiError {
  readonly status: number;
  readonly code: string;
  readonly message: string;

  constructor(code: string, message = 'refused by the stub', status = 400) {
    this.code = code;
    this.message = message;
    this.status = status;
  }
}

/** What each operation answers; one that is not named is refused as AWS refuses a missing permission. */
export type ApiScript = Readonly<Record<string, (call: ApiCall) => ApiAnswer>>;

/** AWS APIs on a free port of 127.0.0.1. The SDK's own variables point to it until `close`. */
export interface AwsApi {
  readonly calls: readonly ApiCall[];
  close(): Promise<void>;
}

/** Serves the AWS JSON and query protocols as far as the command line speaks them. */
export async function startAwsApi(script: ApiScript): Promise<AwsApi> {
  const calls: ApiCall[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = readCall(request, body);
      calls.push(call);
      const answer = script[call.operation]?.(call) ?? new ApiError('AccessDeniedException', 'User is not authorized');
      respond(request, response, call.operation, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stubCredentials();
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    calls,
    async close() {
      vi.unstubAllEnvs();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Credentials of nobody, and none of the person who runs the tests. */
export function stubCredentials(): void {
  const variables = {
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'demo',
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_REGION: undefined,
    AWS_DEFAULT_REGION: undefined,
    AWS_CONFIG_FILE: '/nonexistent/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

function readCall({ headers }: IncomingMessage, body: string): ApiCall {
  const userAgent = String(headers['user-agent']);
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const operation = target.slice(target.lastIndexOf('.') + 1);
    return { operation, input: JSON.parse(body) as Record<string, unknown>, userAgent };
  }
  const input = Object.fromEntries(new URLSearchParams(body));
  return { operation: input['Action'] ?? '', input, userAgent };
}

function respond({ headers }: IncomingMessage, response: ServerResponse, operation: string, answer: ApiAnswer): void {
  const isJson = headers['x-amz-target'] !== undefined;
  if (answer instanceof ApiError) {
    const { status, code, message } = answer;
    const body = isJson
      ? JSON.stringify({ __type: code, message })
      : `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
    response.writeHead(status, { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'text/xml' }).end(body);
    return;
  }
  const body = isJson
    ? JSON.stringify(answer)
    : `<${operation}Response><${operation}Result>${String(answer)}</${operation}Result></${operation}Response>`;
  response.writeHead(200, { 'content-type': isJson ? 'application/x-amz-json-1.1' : 'text/xml' }).end(body);
}

/** The answer of GetCallerIdentity. */
export const IDENTITY =
  '<Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/alice</Arn><UserId>AIDAEXAMPLE</UserId>';

/** An `Io` that keeps what was written. */
export function recordingIo(root: string) {
  const out: string[] = [];
  const said: string[] = [];
  return {
    root,
    out: async (written: string) => void out.push(written),
    say: (line: string) => void said.push(line),
    output: () => out.join(''),
    said: () => said.join('\n'),
  };
}
