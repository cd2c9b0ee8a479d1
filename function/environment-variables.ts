import * as z from 'zod/mini';
import { TrailbellError } from './core/errors.ts';

/** Thrown at cold start when the environment is not what a function needs; names every variable at fault. */
export class SettingsError extends TrailbellError {
  override readonly name = 'SettingsError';
  constructor(problems: readonly string[], options?: ErrorOptions) {
    super('invalid_settings', `settings: ${problems.join('; ')}`, options);
  }
}

/** A whole number in digits, within bounds that count as allowed. */
export function wholeNumber(minimum: number, maximum: number) {
  const range = `from ${minimum} to ${maximum}`;
  return z.pipe(
    z.string().check(z.regex(/^\d{1,12}$/, 'a whole number')),
    z.pipe(z.transform(Number), z.number().check(z.minimum(minimum, range), z.maximum(maximum, range))),
  );
}

/** A switch. */
export const trueOrFalse = z.enum(['true', 'false'], 'true or false');

/** Where SQS takes messages, other than in a FIFO queue. */
export const queueUrl = z
  .string()
  .check(z.regex(/^https?:\/\/[^\s/]+\/\d{12}\/[A-Za-z0-9_-]{1,80}$/, 'the URL of a standard SQS queue'));

/**
 * What the runtime sets.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const runtimeVariables = {
  AWS_REGION: z.string().check(z.regex(/^[a-z0-9-]{1,32}$/, 'a Region')),
  AWS_LAMBDA_FUNCTION_NAME: z.string().check(z.minLength(1, 'a function name')),
};

/**
 * Reads the variables that a schema knows.
 * @throws {SettingsError} naming all variables that are unset or malformed, never their values
 */
export function readVariables<Schema extends z.core.$ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const parsed = z.safeParse(schema, environment);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return environment[name] === undefined ? `${name} is not set` : `${name} is not ${message}`;
  });
  throw new SettingsError([...new Set(problems)], { cause: parsed.error });
}
