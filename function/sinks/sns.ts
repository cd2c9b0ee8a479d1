import type { SnsLoader, SnsPort } from './publisher.ts';

/** Milliseconds to connect, and for one answer: a slow endpoint leaves time for another attempt. */
const TIMEOUT = { connect: 1_000, request: 5_000 } as const;

/** A loader that builds the client once, at its first call, and keeps it for later invocations. */
export function snsLoader(): SnsLoader {
  let port: Promise<SnsPort> | undefined;
  return () => {
    port ??= loadSns().catch((error: unknown) => {
      // The next invocation of this process may have better luck.
      port = undefined;
      throw error;
    });
    return port;
  };
}

async function loadSns(): Promise<SnsPort> {
  const { SNSClient, PublishBatchCommand } = await import('./sns-client.ts');
  const client = new SNSClient({
    // Retries are the publisher's: it knows the deadline and which entries are left.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: TIMEOUT.connect,
      requestTimeout: TIMEOUT.request,
      throwOnRequestTimeout: true,
    },
  });
  return { client, PublishBatchCommand };
}
