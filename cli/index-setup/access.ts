import { secretsLoader } from '../../function/sinks/http/secret.ts';
import type { Access } from '../../function/sinks/open-output.ts';
import { UsageError } from '../usage-error.ts';
import type { SetupOptions } from './options.ts';

/** How a command is let in to an endpoint, with the credentials of whoever runs it. @throws {UsageError} where something is missing */
export async function accessOf(
  options: Pick<SetupOptions, 'authorization' | 'secretArn' | 'region'>,
  regionOption = '--region',
): Promise<Access> {
  const { authorization: kind, secretArn, region } = options;
  if (kind === 'none') return { kind };
  if (kind === 'secret' && secretArn !== undefined) {
    return { kind, secretArn, load: secretsLoader(secretArn.split(':')[3] ?? '') };
  }
  if (kind === 'secret' || region === undefined) throw new UsageError(`${regionOption} is missing: that of the domain`);
  // Every client of the SDK has the whole credential chain: files, single sign-on, roles.
  const { STSClient } = await import('@aws-sdk/client-sts');
  return { kind, region, credentials: new STSClient({ region }).config.credentials };
}
