import { FLATTENED_FIELDS } from './document.ts';
import { policyName } from './retention.ts';

/** What answers at the endpoint; a serverless collection has neither shards nor a retention policy of its own. */
export type Engine = 'opensearch' | 'elasticsearch' | 'serverless';

/** What an index of records is like. */
export interface IndexOptions {
  readonly engine: Engine;
  /** Names of indices, the template and the policy begin with it. */
  readonly prefix: string;
  readonly shards: number;
  readonly replicas: number;
  /** Days that every record is kept; undefined keeps them for ever. */
  readonly retentionDays: number | undefined;
}

/** Most fields of one index: more than AWS's API has different names, while the default of 1,000 is far too few. */
const MAX_FIELDS = 8_192;

/** Lucene refuses a term over 32,766 bytes, and a character may take four. */
const MAX_TERM = 8_191;

const KEYWORD = { type: 'keyword', ignore_above: MAX_TERM } as const;
const TEXT = { type: 'text', norms: false } as const;

const KEYWORDS = [
  'eventVersion',
  'eventSource',
  'eventName',
  'eventType',
  'eventCategory',
  'eventID',
  'sharedEventID',
  'requestID',
  'awsRegion',
  'recipientAccountId',
  'sourceIPAddress',
  'userAgent',
  'errorCode',
  'sessionCredentialFromConsole',
  'vpcEndpointId',
  'vpcEndpointAccountId',
  // Versions such as 2012-08-10 and 20150331 would be a date in one record and a number in another.
  'apiVersion',
];

/** Types that JSON values are guessed to have: one name holds a number here and a word there, so all are words. */
const GUESSED = ['string', 'long', 'double', 'boolean', 'date'] as const;

/** The template's name: `<prefix>-records`. */
export function templateName(prefix: string): string {
  return `${prefix}-records`;
}

/**
 * The body of `PUT _index_template/<name>` for every index of records: set up once, it makes indices come into being with
 * their first document, without a race between those who write it.
 * @see https://docs.opensearch.org/latest/im-plugin/index-templates/
 */
export function indexTemplate({ engine, prefix, shards, replicas, retentionDays }: IndexOptions): object {
  const counts = engine === 'serverless' ? {} : { number_of_shards: shards, number_of_replicas: replicas };
  const lifecycle =
    engine === 'elasticsearch' && retentionDays !== undefined ? { 'index.lifecycle.name': policyName(prefix) } : {};
  const limit = engine === 'serverless' ? {} : { 'index.mapping.total_fields.limit': MAX_FIELDS };
  return {
    index_patterns: [`${prefix}-*`],
    priority: 200,
    template: { settings: { ...counts, ...limit, ...lifecycle }, mappings: mappings() },
  };
}

function mappings(): object {
  return {
    date_detection: false,
    numeric_detection: false,
    dynamic_templates: [
      { flattened: { path_match: '*_flattened.*', match_mapping_type: 'string', mapping: KEYWORD } },
      { raw: { match: '*_raw', match_mapping_type: 'string', mapping: TEXT } },
      ...GUESSED.map((type) => ({ [type]: { match_mapping_type: type, mapping: KEYWORD } })),
    ],
    properties: {
      eventTime: { type: 'date', ignore_malformed: true },
      ...Object.fromEntries(KEYWORDS.map((name) => [name, KEYWORD])),
      errorMessage: { ...TEXT, fields: { keyword: KEYWORD } },
      readOnly: { type: 'boolean' },
      managementEvent: { type: 'boolean' },
      userIdentity: {
        properties: {
          sessionContext: {
            properties: {
              // Its names are those of claims, with dots (accounts.google.com:aud): kept with the document, not indexed.
              webIdFederationData: { properties: { attributes: { type: 'object', enabled: false } } },
            },
          },
        },
      },
      ...Object.fromEntries(FLATTENED_FIELDS.map((field) => [`${field}_flattened`, { type: 'object' }])),
      ...Object.fromEntries(FLATTENED_FIELDS.map((field) => [`${field}_raw`, TEXT])),
    },
  };
}
