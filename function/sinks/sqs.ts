import type { SQSClient } from '@aws-sdk/client-sqs';

/** The SDK's client and the command it sends. */
export interface SqsPort {
  readonly client: Pick<SQSClient, 'send'>;
  readonly SendMessageBatchCommand: typeof import('@aws-sdk/client-sqs').SendMessageBatchCommand;
}

/** Loads the SQS client; called once, when there is first something to hand over. */
export type SqsLoader = () => Promise<SqsPort>;

/** Milliseconds to connect, and for one answer: the seconds that handing over has are enough for another attempt. */
const TIMEOUT = { connect: 1_000, request: 2_000 } as const;

/** A loader that builds the client once, at its first call, and keeps it for later invocations. */
export function sqsLoader(): SqsLoader {
  let port: Promise<SqsPort> | undefined;
  return () => {
    port ??= loadSqs().catch((error: unknown) => {
      // The next invocation of this process may have better luck.
      port = undefined;
      throw error;
    });
    return port;
  };
}

async function loadSqs(): Promise<SqsPort> {
  const { SQSClient, SendMessageBatchCommand } = await import('./sqs-client.ts');
  const client = new SQSClient({
    // Retries are the sender's: it knows the deadline and which entries are left.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: TIMEOUT.connect,
      requestTimeout: TIMEOUT.request,
      throwOnRequestTimeout: true,
    },
  });
  return { client, SendMessageBatchCommand };
}
