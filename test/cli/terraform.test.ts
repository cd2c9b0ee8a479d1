import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stackOutputs } from '../../cli/aws/stack-outputs.ts';
import { deployCommand, destroyCommand, planCommand } from '../../cli/terraform.ts';
import { ApiError, type AwsApi, IDENTITY, recordingIo, startAwsApi } from './aws-api.ts';

/** Stands where synth stands: writes what it would write. */
const SYNTH = `
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const out = join(process.cwd(), 'cdktf.out');
mkdirSync(join(out, 'stacks', 'trailbell'), { recursive: true });
const stack = { name: 'trailbell', workingDirectory: 'stacks/trailbell' };
writeFileSync(join(out, 'manifest.json'), JSON.stringify({ version: '0.21.0', stacks: { trailbell: stack } }));
const aws = [{ region: 'eu-central-1', allowed_account_ids: ['ACCOUNT'], ROLE }];
writeFileSync(join(out, 'stacks', 'trailbell', 'cdk.tf.json'), JSON.stringify({ provider: { aws } }));
`;

let root: string;
let api: AwsApi | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'terraform-'));
  await mkdir(join(root, 'bin'));
  await mkdir(join(root, 'infra'));
  await writeFile(join(root, 'infra', 'config.json'), '{}');
  await synthWrites('111122223333');
});

afterEach(async () => {
  await api?.close();
  api = undefined;
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

async function synthWrites(account: string, role = ''): Promise<void> {
  await writeFile(join(root, 'infra', 'app.mjs'), SYNTH.replace('ACCOUNT', account).replace('ROLE', role));
}

/** A program that notes where and how it was called, and ends as told. */
async function install(program: string, ending = 'exit 0'): Promise<void> {
  const file = join(root, 'bin', program);
  await writeFile(file, `#!/bin/sh\necho "${program} $* in $PWD" >> "${root}/calls"\n${ending}\n`);
  await chmod(file, 0o755);
}

async function run(
  command: typeof planCommand,
  inputs: readonly string[] = [],
  options = {},
  identity: string | ApiError = IDENTITY,
) {
  api = await startAwsApi({ GetCallerIdentity: () => identity });
  vi.stubEnv('PATH', join(root, 'bin'));
  const io = recordingIo(root);
  const code = await command.run({ inputs, options }, io);
  const calls = await readFile(join(root, 'calls'), 'utf8').catch(() => '');
  return { code, said: io.said(), calls: calls.replaceAll(root, '').split('\n').filter(Boolean) };
}

describe('plan, deploy and destroy', () => {
  it.each([
    ['plan', planCommand, [], {}, 'terraform plan'],
    ['deploy', deployCommand, [], {}, 'terraform apply'],
    ['destroy', destroyCommand, [], {}, 'terraform destroy'],
    ['deploy --auto-approve', deployCommand, [], { 'auto-approve': true }, 'terraform apply -auto-approve'],
    ['plan -- -out=next', planCommand, ['-out=next'], {}, 'terraform plan -out=next'],
  ])(
    '%s synthesises, initialises and runs Terraform in the folder of the stack',
    async (_, command, inputs, options, line) => {
      await install('terraform');
      const { code, calls } = await run(command, inputs, options);
      expect(calls).toEqual([
        'terraform init -input=false in /cdktf.out/stacks/trailbell',
        `${line} in /cdktf.out/stacks/trailbell`,
      ]);
      expect(code).toBe(0);
    },
  );

  it('take OpenTofu where there is no Terraform', async () => {
    await install('tofu');
    expect((await run(planCommand)).calls[0]).toMatch(/^tofu init/);
  });

  it('say that neither is installed', async () => {
    const { code, said } = await run(planCommand);
    expect(code).toBe(1);
    expect(said).toContain('neither terraform nor tofu is on the PATH');
  });

  it('say that there is no configuration yet, and how to get one', async () => {
    await install('terraform');
    await rm(join(root, 'infra', 'config.json'));
    const { code, said, calls } = await run(deployCommand);
    expect(code).toBe(1);
    expect(said).toMatch(/no infra\/config\.json yet: .*init/);
    expect(calls).toEqual([]);
  });

  it('refuse the wrong account before Terraform runs, naming both', async () => {
    await install('terraform');
    await synthWrites('123456789012');
    const { code, said, calls } = await run(deployCommand);
    expect(code).toBe(1);
    expect(said).toMatch(/the wrong account: .*user\/alice in 111122223333, .* names 123456789012/);
    expect(calls).toEqual([]);
  });

  it('leave the account to Terraform where it takes on a role', async () => {
    await install('terraform');
    await synthWrites('123456789012', "assume_role: [{ role_arn: 'arn:aws:iam::123456789012:role/deploy' }]");
    expect((await run(planCommand)).code).toBe(0);
  });

  it('say that there are no usable credentials', async () => {
    await install('terraform');
    const { code, said, calls } = await run(planCommand, [], {}, new ApiError('InvalidClientTokenId', 'invalid', 403));
    expect(code).toBe(1);
    expect(said).toContain('no usable AWS credentials');
    expect(calls).toEqual([]);
  });

  it('stop at the first step that fails', async () => {
    await install('terraform', 'exit 3');
    const { code, said, calls } = await run(deployCommand);
    expect(code).toBe(1);
    expect(said).toMatch(/terraform init ended with exit code 3/);
    expect(calls).toHaveLength(1);
  });

  it('stop when the configuration does not synthesise', async () => {
    await install('terraform');
    await writeFile(join(root, 'infra', 'app.mjs'), 'process.exitCode = 1;');
    const { code, calls } = await run(deployCommand);
    expect(code).toBe(1);
    expect(calls).toEqual([]);
  });
});

describe('the outputs of a stack', () => {
  it('are asked of Terraform in the folder of the stack', async () => {
    await install('terraform');
    await run(planCommand);
    const topic = (name: string) => ({ value: `arn:aws:sns:eu-central-1:111122223333:${name}` });
    const outputs = {
      alerts_topic_arn: topic('a'),
      findings_topic_arn: topic('f'),
      operations_topic_arn: topic('o'),
      log_group_name: { value: 'trail' },
      function_log_group_name: { value: 'function' },
    };
    await install('terraform', `echo '${JSON.stringify(outputs)}'`);
    expect(await stackOutputs(root, undefined)).toMatchObject({ logGroupName: 'trail', operations: topic('o').value });
    await install('terraform', `echo '${JSON.stringify({ ...outputs, log_group_name: undefined })}'`);
    expect(await stackOutputs(root, undefined)).toMatchObject({
      logGroupName: undefined,
      operations: topic('o').value,
    });
  });
});
