import { asking } from './problem.ts';

/** Who the credentials in use belong to. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** The Region asked, given or found by the SDK. */
  readonly region: string;
}

/**
 * Asks STS who calls; needs no permission.
 * @param region default: AWS_REGION, AWS_DEFAULT_REGION, or the profile's
 * @throws {AwsProblem} when there are no usable credentials, or no Region
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function whoCalls(region: string | undefined): Promise<Caller> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const chosen = region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  const client = new STSClient(chosen === undefined ? {} : { region: chosen });
  return asking('sts:GetCallerIdentity', async () => {
    const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
    return { account: Account, arn: Arn, region: await client.config.region() };
  });
}
