import type { ParseArgsOptionsConfig } from 'node:util';
import type { Engine, IndexOptions } from '../../function/core/indexing/template.ts';
import { INDEX_DEFAULTS, PREFIX } from '../../function/index-settings.ts';
import { readEndpoint } from '../../function/sinks/http/endpoint.ts';
import type { Arguments } from '../command.ts';
import { UsageError } from '../usage-error.ts';

/** What `index-setup` is asked to do. */
export interface SetupOptions {
  readonly endpoint: URL;
  readonly authorization: 'es' | 'aoss' | 'secret' | 'none';
  readonly secretArn: string | undefined;
  /** Of the signature and the secret. */
  readonly region: string | undefined;
  readonly index: IndexOptions;
  readonly dryRun: boolean;
}

/** The options of the command, as parseArgs takes them. */
export const SETUP_OPTIONS = {
  endpoint: { type: 'string' },
  engine: { type: 'string' },
  authorization: { type: 'string' },
  secret: { type: 'string' },
  region: { type: 'string' },
  prefix: { type: 'string' },
  shards: { type: 'string' },
  replicas: { type: 'string' },
  'retention-days': { type: 'string' },
  'dry-run': { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

const ENGINES = ['opensearch', 'elasticsearch', 'serverless'] as const;
const AUTHORIZATIONS = ['es', 'aoss', 'secret', 'none'] as const;
const AWS_HOST = /\.(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.(?<service>es|aoss)\.amazonaws\.com(?:\.cn)?$/;

/** Reads the options; what the address of a domain or collection says needs no saying. @throws {UsageError} */
export function setupOptions({ options }: Arguments): SetupOptions {
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  const address = text('endpoint');
  if (address === undefined) throw new UsageError('--endpoint is missing');
  const endpoint = readEndpoint(address);
  if (typeof endpoint === 'string') throw new UsageError(`--endpoint is not ${endpoint}`);
  const host = AWS_HOST.exec(endpoint.hostname)?.groups;
  const secretArn = text('secret');
  const service = host?.['service'] === 'aoss' ? 'aoss' : host?.['service'] === 'es' ? 'es' : 'none';
  const authorization =
    oneOf(AUTHORIZATIONS, 'authorization', text('authorization')) ?? (secretArn ? 'secret' : service);
  if (authorization === 'secret' && secretArn === undefined) throw new UsageError('--secret is missing: its ARN');
  const engine: Engine =
    oneOf(ENGINES, 'engine', text('engine')) ?? (authorization === 'aoss' ? 'serverless' : 'opensearch');
  const prefix = text('prefix') ?? INDEX_DEFAULTS.prefix;
  if (!PREFIX.test(prefix)) throw new UsageError('--prefix is not lower-case letters, digits and dashes');
  const retentionDays = whole(text('retention-days'), 'retention-days', 1, 36_500);
  if (engine === 'serverless' && retentionDays !== undefined) {
    throw new UsageError(
      '--retention-days: a serverless collection has data lifecycle policies of its own, set in AWS',
    );
  }
  const shards = whole(text('shards'), 'shards', 1, 1_024) ?? 1;
  const replicas = whole(text('replicas'), 'replicas', 0, 10) ?? 1;
  return {
    endpoint,
    authorization,
    secretArn,
    region: text('region') ?? host?.['region'],
    index: { engine, prefix, shards, replicas, retentionDays },
    dryRun: options['dry-run'] === true,
  };
}

function oneOf<T extends string>(known: readonly T[], name: string, value: string | undefined): T | undefined {
  if (value === undefined) return undefined;
  const found = known.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`--${name} is not ${known.join(', ')}`);
  return found;
}

function whole(value: string | undefined, name: string, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most)) throw new UsageError(`--${name} is not from ${least} to ${most}`);
  return number;
}
