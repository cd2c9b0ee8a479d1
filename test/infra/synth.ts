import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { readSeverities } from '../../cli/severities-folder.ts';
import type { FunctionZip, FunctionZips } from '../../infra/bundle.ts';
import { type Config, configSchema } from '../../infra/config.ts';
import { writeFunctionZip } from '../../infra/function-zip.ts';
import { TrailbellStack } from '../../infra/stack.ts';
import { ROOT } from '../house/source-files.ts';
import { ACCOUNT, REGION, type Synthesised } from './iam.ts';

/** All of `cdk.tf.json`. */
export interface WholeStack extends Synthesised {
  readonly resource: NonNullable<Synthesised['resource']>;
  readonly data: NonNullable<Synthesised['resource']>;
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
  readonly provider: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly terraform: {
    readonly backend: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly required_providers: Readonly<Record<string, unknown>>;
  };
}

type Parts = Readonly<Record<string, unknown>>;

const SMALLEST = {
  allowedAccountIds: [ACCOUNT],
  region: REGION,
  state: { backend: 'local' },
  trail: 'create',
  catchAll: { subscriptions: [{ protocol: 'email', endpoint: 'security@example.com' }] },
  operations: { subscriptions: [{ protocol: 'email', endpoint: 'operations@example.com' }] },
};

/** The smallest configuration with what a test adds; settings that hold settings are joined. */
export function wholeConfig(...parts: readonly Parts[]): Config {
  const joined: Record<string, unknown> = { ...SMALLEST };
  for (const [name, value] of parts.flatMap(Object.entries)) {
    const before = joined[name];
    joined[name] = isObject(before) && isObject(value) && name !== 'state' ? { ...before, ...value } : value;
  }
  return configSchema.parse(joined);
}

/** What the shipped severities say; pushdown and the checks of a configuration ask them. */
export const SEVERITIES = await readSeverities(join(ROOT, 'severities'));

const [forward, indexRecords] = [tinyZip('forward'), tinyZip('index-records')];
const ZIPS: FunctionZips = {
  alert: { ...tinyZip('alert'), severities: SEVERITIES },
  digest: tinyZip('digest'),
  forward: () => forward,
  indexRecords: () => indexRecords,
};

/** The whole stack as `npm run synth` writes it, but for the contents of the functions' zips. */
export function synthesise(config: Config): WholeStack {
  const outdir = mkdtempSync(join(tmpdir(), 'trailbell-synth-'));
  const app = new App({ outdir, skipValidation: true });
  new TrailbellStack(app, config.name, { config, zips: ZIPS });
  app.synth();
  const text = readFileSync(join(outdir, 'stacks', config.name, 'cdk.tf.json'), 'utf8');
  rmSync(outdir, { recursive: true });
  return JSON.parse(text);
}

function tinyZip(name: string): FunctionZip {
  const folder = mkdtempSync(join(tmpdir(), 'trailbell-function-'));
  writeFileSync(join(folder, 'index.mjs'), `export const handler = () => '${name}';\n`);
  const file = join(mkdtempSync(join(tmpdir(), 'trailbell-zip-')), `${name}.zip`);
  return { file, ...writeFunctionZip(folder, file) };
}

function isObject(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
