import * as z from 'zod/mini';
import { TrailbellError } from './core/errors.ts';

const topicArn = z
  .string()
  .check(z.regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, 'the ARN of a standard SNS topic'));
const integer = (minimum: number, maximum: number) => {
  const range = `from ${minimum} to ${maximum}`;
  return z.pipe(
    z.string().check(z.regex(/^\d{1,12}$/, 'a whole number')),
    z.pipe(z.transform(Number), z.number().check(z.minimum(minimum, range), z.maximum(maximum, range))),
  );
};

/**
 * The environment of the alert and the digest function. The runtime sets AWS_REGION and AWS_LAMBDA_FUNCTION_NAME.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const environmentSchema = z.object({
  /** Topic of mails. */
  ALERTS_TOPIC_ARN: topicArn,
  /** Topic of JSON documents for programs. */
  FINDINGS_TOPIC_ARN: topicArn,
  /** Topic of chat notifications. @default none is published */
  CHAT_TOPIC_ARN: z.optional(topicArn),
  /** Topic of notices about trailbell itself. */
  OPERATIONS_TOPIC_ARN: topicArn,
  /** `false` leaves the raw record out of JSON documents. @default true */
  INCLUDE_RECORD: z.optional(z.enum(['true', 'false'], 'true or false')),
  /** Most bytes one payload may unpack to; 57 MB takes some 350 MB of memory to parse. @default 33554432 */
  MAX_INFLATED_BYTES: z.optional(integer(1, 64 * 1024 * 1024)),
  /**
   * Table that remembers what was sent, storms and counts. @default none: repeats are sent again, storms stop at the ceiling
   * of one invocation, counted detections count within it
   */
  LEDGER_TABLE: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_.-]{3,255}$/, 'the name of a DynamoDB table'))),
  /** Queue of what SNS refuses for good. @default none: a refusal fails the invocation */
  UNDELIVERED_QUEUE_URL: z.optional(
    z.string().check(z.regex(/^https?:\/\/[^\s/]+\/\d{12}\/[A-Za-z0-9_-]{1,80}$/, 'the URL of a standard SQS queue')),
  ),
  /** How long repetitions are gathered before a digest tells of them. @default 60 */
  STORM_WINDOW_MINUTES: z.optional(integer(5, 1_440)),
  /** Most messages a topic gets in a minute; SNS mails ten a second at most. @default 60 */
  MESSAGES_PER_MINUTE: z.optional(integer(10, 600)),
  AWS_REGION: z.string().check(z.regex(/^[a-z0-9-]{1,32}$/, 'a Region')),
  AWS_LAMBDA_FUNCTION_NAME: z.string().check(z.minLength(1, 'a function name')),
});

/** Variables the stack must set, and may set; the runtime's own are not among them. */
export type AlertEnvironment = Omit<z.input<typeof environmentSchema>, 'AWS_REGION' | 'AWS_LAMBDA_FUNCTION_NAME'>;

/** The settings of the alert and the digest function, validated. */
export interface Settings {
  readonly topics: {
    readonly alerts: string;
    readonly findings: string;
    readonly chat: string | undefined;
    readonly operations: string;
  };
  readonly includeRecord: boolean;
  readonly maxInflatedBytes: number;
  readonly ledgerTable: string | undefined;
  readonly undeliveredQueueUrl: string | undefined;
  readonly stormWindowMinutes: number;
  /** Of one topic. */
  readonly messagesPerMinute: number;
  readonly region: string;
  readonly functionName: string;
}

const DEFAULT_MAX_INFLATED_BYTES = 32 * 1024 * 1024;
const DEFAULT_STORM_WINDOW_MINUTES = 60;
const DEFAULT_MESSAGES_PER_MINUTE = 60;

/** Thrown at cold start when the environment is not what the function needs; names every variable at fault. */
export class SettingsError extends TrailbellError {
  override readonly name = 'SettingsError';
  constructor(problems: readonly string[], options?: ErrorOptions) {
    super('invalid_settings', `settings: ${problems.join('; ')}`, options);
  }
}

/**
 * Reads the settings from an environment; the only place that knows variable names.
 * @throws {SettingsError} naming all variables that are unset or malformed, never their values
 */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return environment[name] === undefined ? `${name} is not set` : `${name} is not ${message}`;
    });
    throw new SettingsError([...new Set(problems)], { cause: parsed.error });
  }
  const variables = parsed.data;
  return {
    topics: {
      alerts: variables.ALERTS_TOPIC_ARN,
      findings: variables.FINDINGS_TOPIC_ARN,
      chat: variables.CHAT_TOPIC_ARN,
      operations: variables.OPERATIONS_TOPIC_ARN,
    },
    includeRecord: variables.INCLUDE_RECORD !== 'false',
    maxInflatedBytes: variables.MAX_INFLATED_BYTES ?? DEFAULT_MAX_INFLATED_BYTES,
    ledgerTable: variables.LEDGER_TABLE,
    undeliveredQueueUrl: variables.UNDELIVERED_QUEUE_URL,
    stormWindowMinutes: variables.STORM_WINDOW_MINUTES ?? DEFAULT_STORM_WINDOW_MINUTES,
    messagesPerMinute: variables.MESSAGES_PER_MINUTE ?? DEFAULT_MESSAGES_PER_MINUTE,
    region: variables.AWS_REGION,
    functionName: variables.AWS_LAMBDA_FUNCTION_NAME,
  };
}
