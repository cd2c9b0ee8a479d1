import { setupRequests } from '../function/core/indexing/setup.ts';
import { setUpIndex } from '../function/sinks/index-setup.ts';
import { authorizationOf } from '../function/sinks/open-output.ts';
import type { Command } from './command.ts';
import { accessOf } from './index-setup/access.ts';
import { SETUP_OPTIONS, setupOptions } from './index-setup/options.ts';

/** Milliseconds that setting up takes at most. */
const PATIENCE = 60_000;

/** `index-setup`: exit 1 when the endpoint refuses anything. */
export const indexSetupCommand: Command = {
  name: 'index-setup',
  summary: 'put the index template and the retention policy into OpenSearch or Elasticsearch',
  details:
    'Once, before the first record is indexed, and again whenever a setting changes: it holds for indices made after it. ' +
    'Indices are PREFIX-YYYY-MM (--prefix, default cloudtrail), with --shards (1) and --replicas (1). --retention-days ' +
    'deletes an index when its last record has been kept so long.\n' +
    'The address of a domain or a serverless collection says how to sign and for which Region; credentials are those of ' +
    'the AWS SDK. --secret ARN sends what a secret holds instead. --engine elasticsearch for plain Elasticsearch.\n' +
    'A dry run prints the requests as JSON lines and sends none.',
  usage:
    'index-setup --endpoint URL [--engine opensearch|elasticsearch|serverless] [--authorization es|aoss|secret|none] ' +
    '[--secret ARN] [--region REGION] [--prefix NAME] [--shards N] [--replicas N] [--retention-days N] [--dry-run]',
  example: 'index-setup --endpoint https://search-trail-abc.eu-central-1.es.amazonaws.com --retention-days 365',
  takesInputs: false,
  options: SETUP_OPTIONS,
  async run(args, io) {
    const options = setupOptions(args);
    if (options.dryRun) {
      for (const { path, body } of setupRequests(options.index)) {
        await io.out(`${JSON.stringify({ method: 'PUT', path: `/${path}`, body })}\n`);
      }
      return 0;
    }
    const end = performance.now() + PATIENCE;
    const deadline = { remaining: () => end - performance.now() };
    const authorization = authorizationOf(await accessOf(options));
    for (const what of await setUpIndex(options.endpoint, authorization, options.index, deadline)) {
      await io.out(`${what}\n`);
    }
    return 0;
  },
};
