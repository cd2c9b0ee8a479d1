import type { ParseArgsOptionsConfig } from 'node:util';
import { INDEX_DEFAULTS } from '../../function/index-settings.ts';
import { openOutput } from '../../function/sinks/open-output.ts';
import type { Output } from '../../function/sinks/output.ts';
import type { Arguments } from '../command.ts';
import { accessOf } from '../index-setup/access.ts';
import { setupOptions } from '../index-setup/options.ts';

/** The options of an output over HTTP; those of `index-setup` that say where it is and how to be let in. */
export const ENDPOINT_OPTIONS = {
  endpoint: { type: 'string' },
  authorization: { type: 'string' },
  secret: { type: 'string' },
  'endpoint-region': { type: 'string' },
  prefix: { type: 'string' },
  raw: { type: 'boolean' },
  'dead-letters': { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

/**
 * The output that a command line describes: an index of OpenSearch or Elasticsearch, or an address that takes lines. Opens
 * no connection.
 * @throws {UsageError}
 */
export async function outputOf({ options }: Arguments, output: 'bulk' | 'http-lines'): Promise<Output> {
  const { endpoint, authorization, secret, prefix, raw, 'endpoint-region': region } = options;
  const setup = setupOptions({ inputs: [], options: { endpoint, authorization, secret, prefix, region } });
  return openOutput({
    output,
    endpoint: setup.endpoint,
    access: await accessOf(setup, '--endpoint-region'),
    prefix: setup.index.prefix,
    raw: raw === true,
    maxBatchBytes: INDEX_DEFAULTS.maxBatchBytes,
    maxBatchRecords: INDEX_DEFAULTS.maxBatchRecords,
  });
}
