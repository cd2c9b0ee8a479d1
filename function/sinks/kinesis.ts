import type { KinesisClient } from '@aws-sdk/client-kinesis';

/** The SDK's client and the command it sends. */
export interface KinesisPort {
  readonly client: Pick<KinesisClient, 'send'>;
  readonly PutRecordsCommand: typeof import('@aws-sdk/client-kinesis').PutRecordsCommand;
}

/** Loads the Kinesis client; called once, when there is first something to put. */
export type KinesisLoader = () => Promise<KinesisPort>;

/** Milliseconds to connect, and for one answer: time enough for the 5 MiB of a request, and for another attempt. */
const TIMEOUT = { connect: 1_000, request: 10_000 } as const;

/**
 * A loader that builds the client once, at its first call, and keeps it for later invocations.
 * @param region the stream's, which may be another than the function's
 */
export function kinesisLoader(region: string): KinesisLoader {
  let port: Promise<KinesisPort> | undefined;
  return () => {
    port ??= loadKinesis(region).catch((error: unknown) => {
      // The next invocation of this process may have better luck.
      port = undefined;
      throw error;
    });
    return port;
  };
}

async function loadKinesis(region: string): Promise<KinesisPort> {
  const { KinesisClient, PutRecordsCommand, NodeHttpHandler } = await import('./kinesis-client.ts');
  const client = new KinesisClient({
    region,
    // Retries are the sender's: it knows the deadline and which entries are left.
    maxAttempts: 1,
    // The SDK's choice for Kinesis is HTTP/2, which only subscribing to a shard needs: its session does not survive a
    // function that is frozen between invocations.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: TIMEOUT.connect,
      requestTimeout: TIMEOUT.request,
      throwOnRequestTimeout: true,
    }),
  });
  return { client, PutRecordsCommand };
}
