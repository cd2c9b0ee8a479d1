import { LocalBackend, S3Backend, type TerraformStack } from 'cdktf';
import type { Config } from './config.ts';

/**
 * Says where the stack's state is kept: S3 with a lock beside it, or a file in the checkout by explicit choice. The CDKTF
 * command line and plain Terraform then share it.
 * @see https://developer.hashicorp.com/terraform/language/backend/s3
 */
export function keepState(stack: TerraformStack, { name, state }: Config): void {
  if (state.backend === 'local') {
    // Terraform runs three folders down, in cdktf.out/stacks/<name>, which is thrown away.
    new LocalBackend(stack, { path: `../../../terraform.${name}.tfstate` });
    return;
  }
  const { bucket, region, kmsKeyArn } = state;
  const key = state.key ?? `${name}/terraform.tfstate`;
  new S3Backend(stack, { bucket, key, region, encrypt: true, ...(kmsKeyArn && { kmsKeyId: kmsKeyArn }) });
  // This version of cdktf does not know the setting yet.
  stack.addOverride('terraform.backend.s3.use_lockfile', true);
}
