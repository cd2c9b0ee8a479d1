import * as z from 'zod/mini';
import type { PartitionBy } from './core/forwarding/partition-key.ts';
import { readVariables, runtimeVariables, wholeNumber } from './environment-variables.ts';

/**
 * What one Kinesis record holds: `record` is the JSON of one CloudTrail record; `file` is `{"Records":[…]}`, as in the log
 * files that CloudTrail writes; `file-gzip` is the same, compressed as they are.
 */
export type Format = 'record' | 'file' | 'file-gzip';

const MIB = 1024 * 1024;

/**
 * The environment of the forward function. The runtime sets AWS_LAMBDA_FUNCTION_NAME.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const environmentSchema = z.object({
  /** The stream that takes the records; it may be in another account or Region. */
  STREAM_ARN: z
    .string()
    .check(
      z.regex(
        /^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:\d{12}:stream\/[A-Za-z0-9_.-]{1,128}$/,
        'the ARN of a Kinesis data stream',
      ),
    ),
  /** What one Kinesis record holds. @default file */
  STREAM_FORMAT: z.optional(z.enum(['record', 'file', 'file-gzip'], 'record, file or file-gzip')),
  /** Most CloudTrail records of one Kinesis record, where it holds more than one. @default 100 */
  STREAM_RECORDS_PER_PACK: z.optional(wholeNumber(1, 10_000)),
  /** `record` spreads records over the shards; `account` keeps those of an account in the order of their file. @default record */
  STREAM_PARTITION_BY: z.optional(z.enum(['record', 'account'], 'record or account')),
  /** Most bytes of a Kinesis record, its key included: no more than the stream takes. @default 1048576 */
  STREAM_MAX_RECORD_BYTES: z.optional(wholeNumber(25_600, 10 * MIB)),
  AWS_LAMBDA_FUNCTION_NAME: runtimeVariables.AWS_LAMBDA_FUNCTION_NAME,
});

/** Variables the stack must set, and may set; the runtime's own are not among them. */
export type ForwardEnvironment = Omit<z.input<typeof environmentSchema>, 'AWS_LAMBDA_FUNCTION_NAME'>;

/** The settings of the forward function, validated. */
export interface ForwardSettings {
  readonly stream: { readonly arn: string; readonly name: string; readonly region: string };
  readonly format: Format;
  readonly recordsPerPack: number;
  readonly partitionBy: PartitionBy;
  readonly maxRecordBytes: number;
  readonly functionName: string;
}

/**
 * Reads the settings of the forward function from an environment; the only place that knows its variable names.
 * @throws {SettingsError} naming all variables that are unset or malformed, never their values
 */
export function parseForwardSettings(environment: Readonly<Record<string, string | undefined>>): ForwardSettings {
  const variables = readVariables(environmentSchema, environment);
  const [, , , region = '', , resource = ''] = variables.STREAM_ARN.split(':');
  return {
    stream: { arn: variables.STREAM_ARN, name: resource.slice('stream/'.length), region },
    format: variables.STREAM_FORMAT ?? 'file',
    recordsPerPack: variables.STREAM_RECORDS_PER_PACK ?? 100,
    partitionBy: variables.STREAM_PARTITION_BY ?? 'record',
    maxRecordBytes: variables.STREAM_MAX_RECORD_BYTES ?? MIB,
    functionName: variables.AWS_LAMBDA_FUNCTION_NAME,
  };
}
