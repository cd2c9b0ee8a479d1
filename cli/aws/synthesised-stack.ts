import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Caller } from './caller.ts';
import { AwsProblem } from './problem.ts';

/** A stack as synth left it: where Terraform runs, and where it may act. */
export interface SynthesisedStack {
  readonly name: string;
  readonly folder: string;
  readonly allowedAccountIds: readonly string[];
  readonly region: string;
  /** Terraform takes on this role, so the caller's own account does not matter. */
  readonly assumesRole: boolean;
}

const manifestSchema = z.object({
  stacks: z.record(z.string(), z.object({ name: z.string(), workingDirectory: z.string() })),
});

const stackSchema = z.object({
  provider: z.object({
    aws: z
      .array(
        z.object({
          region: z.string(),
          allowed_account_ids: z.array(z.string()).min(1),
          assume_role: z.array(z.object({ role_arn: z.string() })).optional(),
        }),
      )
      .min(1),
  }),
});

/**
 * Reads the one stack under `cdktf.out`.
 * @throws {AwsProblem} when there is none, more than one, or one that names no accounts
 */
export async function synthesisedStack(root: string): Promise<SynthesisedStack> {
  const out = join(root, 'cdktf.out');
  const { stacks } = await readAs(manifestSchema, join(out, 'manifest.json'));
  const [stack, ...others] = Object.values(stacks);
  if (stack === undefined || others.length > 0) {
    throw new AwsProblem(`${out} holds ${Object.keys(stacks).length} stacks, expected one: npm run synth writes it`);
  }
  const folder = join(out, stack.workingDirectory);
  const { provider } = await readAs(stackSchema, join(folder, 'cdk.tf.json'));
  const [aws] = provider.aws;
  return {
    name: stack.name,
    folder,
    allowedAccountIds: aws?.allowed_account_ids ?? [],
    region: aws?.region ?? '',
    assumesRole: (aws?.assume_role ?? []).length > 0,
  };
}

/** @throws {AwsProblem} when the credentials are of an account the stack may not be deployed to */
export function mustBeAllowed(stack: SynthesisedStack, { account, arn }: Caller): void {
  if (stack.assumesRole || stack.allowedAccountIds.includes(account)) return;
  throw new AwsProblem(
    `the wrong account: the credentials in use are ${arn} in ${account}, and "allowedAccountIds" of infra/config.json names ` +
      `${stack.allowedAccountIds.join(', ')}. Sign in to one of these, or add ${account} if it is meant. Nothing was changed.`,
  );
}

async function readAs<S extends z.ZodType>(schema: S, file: string): Promise<z.output<S>> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const why =
      cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
        ? 'is not there'
        : 'is not what synth writes';
    throw new AwsProblem(`${file} ${why}: run npm run synth first`, 'other', { cause });
  }
}
