type Client = typeof import('./dynamo-client.ts');

/** The SDK's client and the commands the ledger sends. */
export interface DynamoPort
  extends Pick<
    Client,
    | 'BatchWriteItemCommand'
    | 'DeleteItemCommand'
    | 'GetItemCommand'
    | 'PutItemCommand'
    | 'QueryCommand'
    | 'UpdateItemCommand'
  > {
  readonly client: Pick<InstanceType<Client['DynamoDBClient']>, 'send'>;
}

/** Loads the DynamoDB client; called when there is first something to ask the ledger. */
export type DynamoLoader = () => Promise<DynamoPort>;

/** Milliseconds to connect, and for one answer. DynamoDB answers within ten; an alert does not wait for a slow one. */
const TIMEOUT = { connect: 500, request: 500 } as const;

/**
 * A loader that builds the client once, at its first call, and keeps it for later invocations.
 * @param endpoint another address than the Region's, for a server on loopback
 */
export function dynamoLoader(endpoint?: string): DynamoLoader {
  let port: Promise<DynamoPort> | undefined;
  return () => {
    port ??= loadDynamo(endpoint).catch((error: unknown) => {
      // The next invocation of this process may have better luck.
      port = undefined;
      throw error;
    });
    return port;
  };
}

async function loadDynamo(endpoint: string | undefined): Promise<DynamoPort> {
  const { DynamoDBClient, ...commands } = await import('./dynamo-client.ts');
  const client = new DynamoDBClient({
    ...(endpoint !== undefined && { endpoint }),
    // The one retry is the table's: it knows what may be asked twice, and how much time there is.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: TIMEOUT.connect,
      requestTimeout: TIMEOUT.request,
      throwOnRequestTimeout: true,
    },
  });
  return { client, ...commands };
}
