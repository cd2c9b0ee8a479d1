/** The SDK's Lambda client and the command it sends, loaded when there is first something to invoke. */
export async function loadLambda(region: string) {
  const { LambdaClient, InvokeCommand } = await import('@aws-sdk/client-lambda');
  // A batch is answered when the function has done: fifteen minutes at the very most, and never asked twice.
  const client = new LambdaClient({ region, maxAttempts: 1, requestHandler: { connectionTimeout: 3_000 } });
  return { client, InvokeCommand };
}
