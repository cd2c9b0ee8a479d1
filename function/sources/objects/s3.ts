type Client = typeof import('./s3-client.ts');

/** The SDK's client and the command it sends. */
export interface S3Port extends Pick<Client, 'GetObjectCommand'> {
  readonly client: Pick<InstanceType<Client['S3Client']>, 'send'>;
}

/** Loads the S3 client; called once, when there is first an object to read. */
export type S3Loader = () => Promise<S3Port>;

/** Milliseconds to connect, and until an answer begins: a slow endpoint leaves time for another attempt. */
const TIMEOUT = { connect: 1_000, request: 5_000 } as const;

/** A loader that builds the client once, at its first call, and keeps it for later invocations. */
export function s3Loader(): S3Loader {
  let port: Promise<S3Port> | undefined;
  return () => {
    port ??= loadS3().catch((error: unknown) => {
      // The next invocation of this process may have better luck.
      port = undefined;
      throw error;
    });
    return port;
  };
}

async function loadS3(): Promise<S3Port> {
  const { S3Client, GetObjectCommand } = await import('./s3-client.ts');
  const client = new S3Client({
    // Retries are the reader's: it knows the deadline, and starts over when an answer breaks off.
    maxAttempts: 1,
    // A topic's or trail's bucket can be in another Region than the function.
    followRegionRedirects: true,
    // The gzip data carries a checksum of its own.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: TIMEOUT.connect,
      requestTimeout: TIMEOUT.request,
      throwOnRequestTimeout: true,
    },
  });
  return { client, GetObjectCommand };
}
