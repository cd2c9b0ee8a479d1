import type { AddressInfo } from 'node:net';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import kinesalite from 'kinesalite';
import type { KinesisLoader } from '../../function/sinks/kinesis.ts';

/** A record of the stream, as a consumer reads it. */
export interface StreamRecord {
  readonly shard: string;
  readonly key: string;
  readonly data: Uint8Array;
}

/** A Kinesis on loopback. */
export interface TestKinesis {
  readonly endpoint: string;
  /** A stream of so many shards. @returns its ARN */
  createStream(shards: number): Promise<string>;
  /** Everything in a stream, shard after shard, each in its order. */
  records(streamArn: string): Promise<readonly StreamRecord[]>;
  close(): Promise<void>;
}

const REGION = 'eu-central-1';
const CREDENTIALS = { accessKeyId: 'demo', secretAccessKey: 'demo' } as const;

// The server has no HTTP/2, which the SDK's own choice for Kinesis speaks.
const clientAt = (endpoint: string, requestTimeout: number) =>
  new KinesisClient({
    endpoint,
    region: REGION,
    credentials: CREDENTIALS,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 500, requestTimeout, throwOnRequestTimeout: true }),
  });

/** A loader of the SDK's client for a server or proxy at `endpoint`, with patience of so many milliseconds. */
export function kinesisAt(endpoint: string, patience = 5_000): KinesisLoader {
  const port = { client: clientAt(endpoint, patience), PutRecordsCommand };
  return async () => port;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startKinesis(): Promise<TestKinesis> {
  const server = kinesalite({ createStreamMs: 0, deleteStreamMs: 0, shardLimit: 1_000 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = clientAt(endpoint, 5_000);
  let streams = 0;
  const shardsOf = async (StreamName: string) => {
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
    return { arn: StreamDescription?.StreamARN ?? '', shards: StreamDescription?.Shards ?? [], is: StreamDescription };
  };
  return {
    endpoint,
    async createStream(ShardCount) {
      const StreamName = `records-${streams++}`;
      await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
      for (;;) {
        const { arn, is } = await shardsOf(StreamName);
        if (is?.StreamStatus === 'ACTIVE') return arn;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async records(streamArn) {
      const StreamName = streamArn.split('/')[1] ?? '';
      const found: StreamRecord[] = [];
      for (const { ShardId = '' } of (await shardsOf(StreamName)).shards) {
        const start = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
        let { ShardIterator } = await client.send(start);
        for (;;) {
          const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
          if (Records.length === 0) break;
          for (const { Data = new Uint8Array(), PartitionKey = '' } of Records) {
            found.push({ shard: ShardId, key: PartitionKey, data: Data });
          }
          ShardIterator = NextShardIterator;
        }
      }
      return found;
    },
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
