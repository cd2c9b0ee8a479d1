import * as z from 'zod/mini';
import { queueUrl, readVariables, runtimeVariables, trueOrFalse, wholeNumber } from './environment-variables.ts';

const topicArn = z
  .string()
  .check(z.regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, 'the ARN of a standard SNS topic'));

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
  INCLUDE_RECORD: z.optional(trueOrFalse),
  /** Most bytes one payload may unpack to; 57 MB takes some 350 MB of memory to parse. @default 33554432 */
  MAX_INFLATED_BYTES: z.optional(wholeNumber(1, 64 * 1024 * 1024)),
  /**
   * Table that remembers what was sent, storms and counts. @default none: repeats are sent again, storms stop at the ceiling
   * of one invocation, counted detections count within it
   */
  LEDGER_TABLE: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_.-]{3,255}$/, 'the name of a DynamoDB table'))),
  /** Queue of what SNS refuses for good. @default none: a refusal fails the invocation */
  UNDELIVERED_QUEUE_URL: z.optional(queueUrl),
  /** How long repetitions are gathered before a digest tells of them. @default 60 */
  STORM_WINDOW_MINUTES: z.optional(wholeNumber(5, 1_440)),
  /** Most messages a topic gets in a minute; SNS mails ten a second at most. @default 60 */
  MESSAGES_PER_MINUTE: z.optional(wholeNumber(10, 600)),
  ...runtimeVariables,
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

/**
 * Reads the settings from an environment; the only place that knows variable names.
 * @throws {SettingsError} naming all variables that are unset or malformed, never their values
 */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const variables = readVariables(environmentSchema, environment);
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
