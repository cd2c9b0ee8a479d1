import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Answer, errorAnswer } from './fault-answers.ts';
import { cutCall, readCall, type Service, type ServiceCall } from './fault-calls.ts';

/**
 * What goes wrong with one call: it is refused; the connection ends, or nothing is ever answered, before the server has
 * taken the call or after it (`meanwhile` is called then); the answer is slow; or some entries of a batch are refused, for which DynamoDB names them
 * unprocessed and has no code.
 */
export type Fault =
  | { readonly kind: 'refuse'; readonly code: string }
  | { readonly kind: 'reset' | 'silence'; readonly after: boolean; readonly meanwhile?: () => void }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | {
      readonly kind: 'part';
      readonly code: string;
      readonly senderFault: boolean;
      readonly refused: (index: number) => boolean;
    };

/** Decides what goes wrong with a call; undefined when nothing does. */
export type FaultScript = (call: ServiceCall) => Fault | undefined;

/** A proxy between the SDK and servers, one address for each service. */
export interface FaultProxy {
  readonly endpoints: Readonly<Record<Service, string>>;
  /** May be replaced at any time. */
  script: FaultScript;
  /** Calls so far, by service; those with a fault by service and kind. */
  readonly calls: Readonly<Record<string, number>>;
  /** Entries of batches that SNS took without the caller being told: what may be sent twice. */
  readonly untold: number;
  close(): Promise<void>;
}

/** Most bytes of a batch. The loopback server takes larger ones; AWS does not. */
const MAX_BATCH_BYTES = 262_144;

/** Milliseconds for which a caller certainly waits; the function gives SNS five seconds. */
const CALLER_WAITS = 4_000;

/** Starts it in front of these servers, without faults, on free ports of 127.0.0.1. */
export async function startFaultProxy(upstream: Readonly<Record<Service, string>>): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const calls: Record<string, number> = {};
  const count = (name: string) => {
    calls[name] = (calls[name] ?? 0) + 1;
  };
  let untold = 0;

  const forward = (call: ServiceCall, headers: IncomingMessage['headers'], body: string) =>
    new Promise<Answer>((resolve, reject) => {
      const { host: _, connection: __, 'content-length': ___, ...kept } = headers;
      const sent = request(
        upstream[call.service],
        { agent, method: 'POST', headers: { ...kept, 'content-length': Buffer.byteLength(body) } },
        (response) => {
          const answered = Object.entries(response.headers).flatMap(([name, value]) =>
            typeof value === 'string' && name.startsWith('x-amz') ? [[name, value] as const] : [],
          );
          const type = response.headers['content-type'] ?? '';
          text(response).then(
            (said) =>
              resolve({
                status: response.statusCode ?? 0,
                headers: { ...Object.fromEntries(answered), 'content-type': type },
                body: said,
              }),
            reject,
          );
        },
      );
      sent.on('error', (error) => {
        // Whether the server took it, nobody knows.
        if (call.service === 'sns') untold += call.entries;
        reject(error);
      });
      sent.end(body);
    });

  const answerTo = async (service: Service, incoming: IncomingMessage, response: ServerResponse) => {
    const received = performance.now();
    const target = incoming.headers['x-amz-target'];
    const call = readCall(service, typeof target === 'string' ? target : undefined, await text(incoming));
    count(service);
    const isTooLong = call.bytes > MAX_BATCH_BYTES;
    const fault = isTooLong ? ({ kind: 'refuse', code: 'BatchRequestTooLong' } as const) : proxy.script(call);
    if (fault !== undefined) count(`${service} ${isTooLong ? 'too long' : fault.kind}`);
    const tell = (answer: Answer) => {
      // A caller that has gone meanwhile, by its own time limit or killed, does not hear what the server took.
      const isTold = !response.destroyed && performance.now() - received < CALLER_WAITS;
      if (!isTold && service === 'sns') untold += call.entries;
      reply(response, answer);
    };
    if (fault?.kind === 'refuse') return reply(response, errorAnswer(service, fault.code));
    if (fault?.kind === 'reset' || fault?.kind === 'silence') {
      if (fault.after) {
        await forward(call, incoming.headers, call.body);
        if (service === 'sns') untold += call.entries;
      }
      fault.meanwhile?.();
      if (fault.kind === 'reset') response.destroy();
      return;
    }
    if (fault?.kind === 'part') {
      const { body, mend } = cutCall(call, fault.refused, fault);
      const answer =
        body === undefined
          ? { status: 200, headers: { 'content-type': CONTENT_TYPE[service] }, body: '' }
          : await forward(call, incoming.headers, body);
      return tell({ ...answer, body: mend(answer.body) });
    }
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
    tell(await forward(call, incoming.headers, call.body));
  };

  const servers = new Map<Service, Server>();
  const endpoints: Record<Service, string> = { sns: '', sqs: '', dynamodb: '' };
  for (const service of ['sns', 'sqs', 'dynamodb'] as const) {
    const server = createServer((incoming, response) => {
      // Who gives up in mid-request, as a killed process does, needs no answer.
      answerTo(service, incoming, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.set(service, server);
    endpoints[service] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const proxy: FaultProxy = {
    endpoints,
    script: () => undefined,
    calls,
    get untold() {
      return untold;
    },
    async close() {
      for (const server of servers.values()) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      agent.destroy();
    },
  };
  return proxy;
}

const CONTENT_TYPE = {
  sns: 'text/xml',
  sqs: 'application/x-amz-json-1.0',
  dynamodb: 'application/x-amz-json-1.0',
} as const satisfies Record<Service, string>;

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
