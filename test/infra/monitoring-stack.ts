import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { TerraformStack, Testing } from 'cdktf';
import { type Config, configSchema } from '../../infra/config.ts';
import { type Names, namesOf } from '../../infra/names.ts';

type Resource = Record<string, unknown>;

/** What a synthesised stack holds, by type and then by id. */
export interface Synthesised {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly output?: Readonly<Record<string, { readonly value: unknown; readonly description: string }>>;
}

const SMALLEST = {
  allowedAccountIds: ['111122223333'],
  region: 'eu-central-1',
  state: { backend: 'local' },
  trail: 'create',
  catchAll: { subscriptions: [{ protocol: 'email', endpoint: 'security@example.com' }] },
  operations: { subscriptions: [{ protocol: 'email', endpoint: 'platform@example.com' }] },
};

/** The smallest configuration, with what a test is about. */
export function configWith(settings: object = {}): Config {
  return configSchema.parse({ ...SMALLEST, ...settings });
}

/** Synthesises what `build` adds to an empty stack. */
export function synthesise(config: Config, build: (stack: TerraformStack, names: Names) => void): Synthesised {
  const stack = new TerraformStack(Testing.app(), 'test');
  new AwsProvider(stack, 'aws', { region: config.region });
  build(stack, namesOf(config, { account: '111122223333', region: config.region }));
  return JSON.parse(Testing.synth(stack)) as Synthesised;
}

/** All resources of a type, in order of their ids. */
export function resources(stack: Synthesised, type: string): Resource[] {
  return Object.values(stack.resource?.[type] ?? {});
}

/** Where alarms go. */
export const OPERATIONS = 'arn:aws:sns:eu-central-1:111122223333:trailbell-operations';
