import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A Kinesis that takes everything and keeps nothing: for runs that are too large for one that does. */
export interface KinesisStub {
  readonly endpoint: string;
  /** Entries taken so far. */
  readonly entries: number;
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startKinesisStub(): Promise<KinesisStub> {
  let entries = 0;
  const server = createServer((incoming, response) => {
    text(incoming).then(
      (body) => {
        const { Records } = JSON.parse(body) as { Records: unknown[] };
        entries += Records.length;
        const results = Records.map((_, index) => ({ ShardId: 'shardId-000000000000', SequenceNumber: String(index) }));
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify({ FailedRecordCount: 0, Records: results }));
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get entries() {
      return entries;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
