import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with one request: it is refused; the answer breaks off, or nothing more comes of it. */
export type S3Fault = { readonly status: number; readonly code: string } | 'cut' | 'stall';

/** Decides what goes wrong; undefined when nothing does. @param times how often the same was asked for, this time included */
export type S3Script = (path: string, times: number) => S3Fault | undefined;

/** A proxy between the SDK and an S3. */
export interface S3Proxy {
  readonly endpoint: string;
  /** May be replaced at any time. */
  script: S3Script;
  close(): Promise<void>;
}

/** Starts it in front of a server, without faults, on a free port of 127.0.0.1. */
export async function startS3Proxy(upstream: string): Promise<S3Proxy> {
  const asked = new Map<string, number>();
  const answer = (incoming: IncomingMessage, response: ServerResponse) => {
    const { url = '', method, headers } = incoming;
    const times = (asked.get(url) ?? 0) + 1;
    asked.set(url, times);
    const fault = proxy.script(decodeURIComponent(url), times);
    if (fault === 'cut' || fault === 'stall') {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('x'.repeat(500), () => fault === 'cut' && response.destroy());
      return;
    }
    if (fault !== undefined) {
      response.writeHead(fault.status, { 'Content-Type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${fault.code}</Code><Message>refused</Message></Error>`);
      return;
    }
    const sent = request(new URL(url, upstream), { method, headers }, (said) => {
      response.writeHead(said.statusCode ?? 0, said.headers);
      said.pipe(response);
    });
    sent.on('error', () => response.destroy());
    incoming.pipe(sent);
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: S3Proxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    script: () => undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
