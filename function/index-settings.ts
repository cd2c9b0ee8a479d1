import * as z from 'zod/mini';
import {
  queueUrl,
  readVariables,
  runtimeVariables,
  SettingsError,
  trueOrFalse,
  wholeNumber,
} from './environment-variables.ts';
import { type EndpointProblem, readEndpoint } from './sinks/http/endpoint.ts';

/** What indices, the template and the policy are called after: OpenSearch takes lower case only, and 255 bytes. */
export const PREFIX = /^[a-z][a-z0-9-]{0,99}$/;

/**
 * The environment of the index function. The runtime sets AWS_REGION and AWS_LAMBDA_FUNCTION_NAME.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const environmentSchema = z.object({
  /** `bulk` for OpenSearch and Elasticsearch, `http-lines` for whatever takes NDJSON over HTTPS. @default bulk */
  INDEX_OUTPUT: z.optional(z.enum(['bulk', 'http-lines'], 'bulk or http-lines')),
  /** Where to; https, or http on the machine itself. */
  INDEX_ENDPOINT: z.string().check(z.minLength(1, 'a URL')),
  /** `es` and `aoss` sign for a domain and a serverless collection, `secret` sends what INDEX_SECRET_ARN holds. @default none */
  INDEX_AUTHORIZATION: z.optional(z.enum(['es', 'aoss', 'secret', 'none'], 'es, aoss, secret or none')),
  /** Secret with `{"username":…,"password":…}`, or with `{"authorization":…}`. */
  INDEX_SECRET_ARN: z.optional(
    z
      .string()
      .check(z.regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[^\s]{1,600}$/, "a secret's ARN")),
  ),
  /** Indices are `<prefix>-YYYY-MM`. @default cloudtrail */
  INDEX_PREFIX: z.optional(z.string().check(z.regex(PREFIX, 'lower-case letters, digits and dashes'))),
  /** `true` keeps the JSON of flattened fields as `<name>_raw`. @default false */
  INDEX_RAW: z.optional(trueOrFalse),
  /** Most bytes of one request; small domains refuse more than 10 MiB. @default 4194304 */
  INDEX_MAX_BATCH_BYTES: z.optional(wholeNumber(65_536, 33_554_432)),
  /** Most records of one request. @default 1000 */
  INDEX_MAX_BATCH_RECORDS: z.optional(wholeNumber(1, 10_000)),
  /** Queue of what the output refuses for good. @default none: a refusal leaves the message where it came from */
  DEAD_LETTER_QUEUE_URL: z.optional(queueUrl),
  ...runtimeVariables,
});

/** Variables the stack must set, and may set; the runtime's own are not among them. */
export type IndexEnvironment = Omit<z.input<typeof environmentSchema>, 'AWS_REGION' | 'AWS_LAMBDA_FUNCTION_NAME'>;

/** How requests are authorized; `es` and `aoss` by signature. */
export type AuthorizationKind = 'es' | 'aoss' | 'secret' | 'none';

/** The settings of the index function, validated. */
export interface IndexSettings {
  readonly output: 'bulk' | 'http-lines';
  readonly endpoint: URL;
  readonly authorization: AuthorizationKind;
  /** Set when the authorization is `secret`. */
  readonly secretArn: string | undefined;
  readonly prefix: string;
  readonly raw: boolean;
  readonly maxBatchBytes: number;
  readonly maxBatchRecords: number;
  readonly deadLetterQueueUrl: string | undefined;
  readonly region: string;
  readonly functionName: string;
}

/** What holds where nothing is set. */
export const INDEX_DEFAULTS = { prefix: 'cloudtrail', maxBatchBytes: 4 * 1024 * 1024, maxBatchRecords: 1_000 } as const;

/**
 * Reads the settings from an environment; the only place that knows these variable names.
 * @throws {SettingsError} naming all variables that are unset or malformed, never their values
 */
export function parseIndexSettings(environment: Readonly<Record<string, string | undefined>>): IndexSettings {
  const variables = readVariables(environmentSchema, environment);
  const endpoint = readEndpoint(variables.INDEX_ENDPOINT);
  const authorization = variables.INDEX_AUTHORIZATION ?? 'none';
  const problems: string[] = [];
  if (isProblem(endpoint)) problems.push(`INDEX_ENDPOINT is not ${endpoint}`);
  if (authorization === 'secret' && variables.INDEX_SECRET_ARN === undefined)
    problems.push('INDEX_SECRET_ARN is not set');
  if (isProblem(endpoint) || problems.length > 0) throw new SettingsError(problems);
  return {
    output: variables.INDEX_OUTPUT ?? 'bulk',
    endpoint,
    authorization,
    secretArn: authorization === 'secret' ? variables.INDEX_SECRET_ARN : undefined,
    prefix: variables.INDEX_PREFIX ?? INDEX_DEFAULTS.prefix,
    raw: variables.INDEX_RAW === 'true',
    maxBatchBytes: variables.INDEX_MAX_BATCH_BYTES ?? INDEX_DEFAULTS.maxBatchBytes,
    maxBatchRecords: variables.INDEX_MAX_BATCH_RECORDS ?? INDEX_DEFAULTS.maxBatchRecords,
    deadLetterQueueUrl: variables.DEAD_LETTER_QUEUE_URL,
    region: variables.AWS_REGION,
    functionName: variables.AWS_LAMBDA_FUNCTION_NAME,
  };
}

function isProblem(endpoint: URL | EndpointProblem): endpoint is EndpointProblem {
  return typeof endpoint === 'string';
}
