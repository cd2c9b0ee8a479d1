import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { whoCalls } from './aws/caller.ts';
import { AwsProblem, sayingProblems } from './aws/problem.ts';
import { mustBeAllowed, type SynthesisedStack, synthesisedStack } from './aws/synthesised-stack.ts';
import { findTerraform, runHere } from './aws/terraform-program.ts';
import type { Arguments, Command, ExitCode, Io } from './command.ts';

const AUTO_APPROVE = { 'auto-approve': { type: 'boolean' } } as const;

/** `plan`: exit 1 when Terraform or the account says no. */
export const planCommand: Command = {
  takesInputs: true,
  options: {},
  run: (args, io) => terraform('plan', args, io),
};

/** `deploy`: synthesises, checks the account, applies. */
export const deployCommand: Command = {
  takesInputs: true,
  options: AUTO_APPROVE,
  run: (args, io) => terraform('apply', args, io),
};

/** `destroy`: removes what the stack created and may remove. */
export const destroyCommand: Command = {
  takesInputs: true,
  options: AUTO_APPROVE,
  run: (args, io) => terraform('destroy', args, io),
};

/** Everything that can be known to be wrong is said before Terraform starts. */
function terraform(action: 'plan' | 'apply' | 'destroy', { inputs, options }: Arguments, io: Io): Promise<ExitCode> {
  return sayingProblems(io, async () => {
    const program = await findTerraform(process.env['PATH'] ?? '');
    await mustHaveConfig(io.root);
    if ((await runHere(process.execPath, [join(io.root, 'infra', 'app.mjs')], io.root)) !== 0) return 1;
    const stack = await synthesisedStack(io.root);
    mustBeAllowed(stack, await whoCalls(stack.region));
    await mustSucceed(program, ['init', '-input=false'], stack);
    const extra = [...(options['auto-approve'] === true ? ['-auto-approve'] : []), ...inputs];
    await mustSucceed(program, [action, ...extra], stack);
    if (action === 'apply') io.say('Deployed. Next: npm run -s trailbell -- verify');
    return 0;
  });
}

// The example that synth falls back to names an account of nobody.
async function mustHaveConfig(root: string): Promise<void> {
  const isThere = (path: string) =>
    access(join(root, path)).then(
      () => true,
      () => false,
    );
  if (!(await isThere('infra/app.mjs'))) {
    throw new AwsProblem('there is no infra/ here: deploying works in a checkout of trailbell');
  }
  if (!(await isThere('infra/config.json'))) {
    throw new AwsProblem(
      'there is no infra/config.json yet: npm run -s trailbell -- init writes one from what your account has, ' +
        'or copy infra/config.example.json and make it yours',
    );
  }
}

async function mustSucceed(program: string, args: readonly string[], { folder }: SynthesisedStack): Promise<void> {
  const code = await runHere(program, args, folder);
  if (code !== 0) throw new AwsProblem(`${program} ${args[0]} ended with exit code ${code}; what it said is above`);
}
