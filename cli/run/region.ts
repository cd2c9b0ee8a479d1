/** S3 tells from any Region in which one a bucket is. */
const ANY = 'us-east-1';

/**
 * Gives this process a Region, which the clients of the functions take from its environment: the one it has, in the
 * environment or the profile; else `region`; else one of which S3 sends us on.
 * @param when `always` to take `region` whatever the process has
 */
export async function useRegion(
  region: string | undefined,
  when: 'always' | 'if missing' = 'if missing',
): Promise<void> {
  if (region !== undefined && when === 'always') {
    process.env['AWS_REGION'] = region;
    return;
  }
  process.env['AWS_REGION'] ??= process.env['AWS_DEFAULT_REGION'] ?? (await profileRegion()) ?? region ?? ANY;
}

async function profileRegion(): Promise<string | undefined> {
  const { STSClient } = await import('@aws-sdk/client-sts');
  try {
    return await new STSClient({}).config.region();
  } catch (error) {
    if (error instanceof Error && error.message.includes('Region is missing')) return undefined;
    throw error;
  }
}
