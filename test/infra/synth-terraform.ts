import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attributes } from './iam.ts';
import type { WholeStack } from './synth.ts';
import { blocksOf, expressionsIn, textsIn } from './synth-graph.ts';

/** Arguments that replace a resource, by its type. */
export type ReplacedBy = Readonly<Record<string, readonly string[]>>;

const REFERENCE = /(?:\bdata\.)?\baws_(\w+)\.([\w-]+)\.(\w+)/g;
const standIn = (address: string) => address.replaceAll('.', '__');

/**
 * A stack of the same shape, order and lifecycles, made of Terraform's own `terraform_data`: Terraform then checks, plans
 * and applies it without the provider, an account or the network. What the provider would compute is made up.
 */
export function standInFor(stack: WholeStack, replacedBy: ReplacedBy = {}): object {
  const blocks = blocksOf(stack);
  const asked = new Map<string, Set<string>>();
  for (const { text } of textsIn([stack.resource, stack.data, stack.output])) {
    for (const expression of expressionsIn(text)) {
      for (const [whole, , , attribute = ''] of expression.matchAll(REFERENCE)) {
        const address = whole.slice(0, -attribute.length - 1);
        asked.set(address, (asked.get(address) ?? new Set()).add(attribute));
      }
    }
  }
  const resources = [...blocks].map(([address, block]) => {
    const { '//': _, depends_on, lifecycle, ...input } = block;
    const computed = [...(asked.get(address) ?? [])].map((attribute) => [attribute, `${address}.${attribute}`]);
    const fixed = replacedBy[address.split('.')[0]!]?.map((argument) => input[argument] ?? null);
    return [
      standIn(address),
      {
        input: redirected({ ...Object.fromEntries(computed), ...input }),
        ...(fixed && { triggers_replace: redirected(fixed) }),
        ...(Array.isArray(depends_on) && { depends_on: depends_on.map((each) => `terraform_data.${standIn(each)}`) }),
        ...(lifecycle ? { lifecycle: withoutProtection(lifecycle as Attributes) } : {}),
      },
    ];
  });
  return { resource: { terraform_data: Object.fromEntries(resources) }, output: redirected(stack.output) };
}

function withoutProtection({ prevent_destroy: _, ...lifecycle }: Attributes): Attributes {
  return lifecycle;
}

/** The same value, its references turned to the stand-ins. */
function redirected(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{[^{}]*\}/g, (expression) =>
      expression.replace(REFERENCE, (whole, _type, _id, attribute: string) => {
        const address = whole.slice(0, -attribute.length - 1);
        // Unlike the output, the input stays known when it changes, as a name or ARN does.
        return `terraform_data.${standIn(address)}.input.${attribute}`;
      }),
    );
  }
  if (Array.isArray(value)) return value.map(redirected);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redirected(inner)]));
}

/** One line of what `terraform … -json` says. */
export interface Line {
  readonly type?: string;
  readonly '@level'?: string;
  readonly '@message'?: string;
  readonly change?: { readonly action: string; readonly resource: { readonly addr: string } };
  readonly hook?: { readonly action: string; readonly resource: { readonly addr: string } };
}

/** Terraform in a folder of its own, with a state of its own. */
export class Terraform {
  readonly folder = mkdtempSync(join(tmpdir(), 'trailbell-terraform-'));

  /** Takes the place of whatever the folder held. */
  write(stack: object): void {
    writeFileSync(join(this.folder, 'main.tf.json'), JSON.stringify(stack));
    writeFileSync(join(this.folder, 'empty.tfrc'), '');
  }

  /** Removes the folder and the state with it. */
  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** What a command says, whatever its exit code. */
  run(...args: readonly string[]): Promise<string> {
    const env = {
      PATH: process.env['PATH'],
      HOME: this.folder,
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TF_CLI_CONFIG_FILE: join(this.folder, 'empty.tfrc'),
    };
    return new Promise((resolve) => {
      execFile('terraform', [...args], { cwd: this.folder, env, maxBuffer: 64 << 20 }, (_error, stdout, stderr) =>
        resolve(`${stdout}${stderr}`),
      );
    });
  }

  /** Applies what the folder holds. Throws what Terraform finds wrong. */
  async apply(): Promise<readonly Line[]> {
    const said = await this.run('apply', '-auto-approve', '-json', '-no-color');
    const lines = said
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
    const errors = lines.filter((line) => line['@level'] === 'error');
    if (errors.length > 0) throw new Error(errors.map((line) => line['@message']).join('\n'));
    return lines;
  }
}
