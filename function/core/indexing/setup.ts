import { ilmPolicy, ismPolicy, policyName } from './retention.ts';
import { type IndexOptions, indexTemplate, templateName } from './template.ts';

/** One request of setting up, as `PUT <path>` below the endpoint. */
export interface SetupRequest {
  /** For people. */
  readonly what: string;
  readonly path: string;
  readonly body: object;
  /** True where what is there is only replaced by who names its version, which a GET of the same path tells. */
  readonly isVersioned: boolean;
}

/**
 * What is to be put, in order: the retention policy, if any, then the template, which may name it. Putting it all again
 * changes nothing.
 */
export function setupRequests(options: IndexOptions): SetupRequest[] {
  const { prefix } = options;
  const template = {
    what: `index template ${templateName(prefix)}`,
    path: `_index_template/${templateName(prefix)}`,
    body: indexTemplate(options),
    isVersioned: false,
  };
  return [...retentionRequests(options), template];
}

function retentionRequests({ engine, prefix, retentionDays }: IndexOptions): SetupRequest[] {
  if (retentionDays === undefined || engine === 'serverless') return [];
  const what = `retention policy ${policyName(prefix)}`;
  if (engine === 'elasticsearch') {
    const path = `_ilm/policy/${policyName(prefix)}`;
    return [{ what, path, body: ilmPolicy(retentionDays), isVersioned: false }];
  }
  const path = `_plugins/_ism/policies/${policyName(prefix)}`;
  return [{ what, path, body: ismPolicy(prefix, retentionDays), isVersioned: true }];
}
