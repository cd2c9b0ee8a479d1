import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { InputError } from '../input/input-error.ts';
import { AwsProblem } from './problem.ts';
import { synthesisedStack } from './synthesised-stack.ts';
import { findTerraform, outputOf } from './terraform-program.ts';

const topicArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, 'the ARN of a standard topic');
const valued = <S extends z.ZodType>(value: S) => z.object({ value });

/** What `terraform output -json` prints of a deployed stack; other outputs are let be. */
const outputsSchema = z.object({
  alerts_topic_arn: valued(topicArn),
  findings_topic_arn: valued(topicArn),
  chat_topic_arn: valued(topicArn).optional(),
  operations_topic_arn: valued(topicArn),
  log_group_name: valued(z.string().min(1)).optional(),
  function_log_group_name: valued(z.string().min(1)),
  function_name: valued(z.string().min(1)).optional(),
  undelivered_queue_url: valued(z.url()).optional(),
  ledger_table_name: valued(z.string().min(1)).optional(),
  failure_bucket: valued(z.string().min(1)).optional(),
  failure_prefix: valued(z.string()).optional(),
});

/** A deployed stack, as far as it is asked about. */
export interface StackOutputs {
  readonly topics: ReadonlyMap<'alerts' | 'findings' | 'chat', string>;
  readonly operations: string;
  /** Undefined of a stack with `"trail": "none"`, whose records come from a bucket or other accounts. */
  readonly logGroupName: string | undefined;
  readonly functionLogGroupName: string;
  /** Undefined, like what follows, of stacks that were deployed before there was such an output. */
  readonly functionName: string | undefined;
  readonly undeliveredQueueUrl: string | undefined;
  /** Undefined also of a stack without a ledger. */
  readonly ledgerTable: string | undefined;
  readonly failureBucket: string | undefined;
  readonly failurePrefix: string | undefined;
}

/**
 * The log group of the records, for what cannot go on without one.
 * @param toDo what it is needed for, and what to do instead
 * @throws {AwsProblem} where the stack reads none
 */
export function logGroupOf({ logGroupName }: Pick<StackOutputs, 'logGroupName'>, toDo: string): string {
  if (logGroupName !== undefined) return logGroupName;
  throw new AwsProblem(
    `the stack has no log group of records ("trail": "none": they come from a bucket or other accounts): ${toDo}`,
  );
}

/**
 * The outputs of the deployed stack: from a file that holds what `terraform output -json` printed, else from Terraform.
 * @throws {InputError} for a file that cannot be read
 * @throws {AwsProblem} when nothing is deployed
 */
export async function stackOutputs(root: string, file: string | undefined): Promise<StackOutputs> {
  const result = outputsSchema.safeParse(file === undefined ? await fromTerraform(root) : await fromFile(file));
  if (!result.success) {
    const wrong = [...new Set(result.error.issues.map(({ path }) => String(path[0] ?? 'everything')))];
    throw new AwsProblem(`the stack's outputs lack ${wrong.join(', ')}: deploy first, then verify`, 'other', {
      cause: result.error,
    });
  }
  const { alerts_topic_arn, findings_topic_arn, chat_topic_arn, operations_topic_arn, ...others } = result.data;
  return {
    topics: new Map([
      ['alerts', alerts_topic_arn.value],
      ['findings', findings_topic_arn.value],
      ...(chat_topic_arn ? [['chat', chat_topic_arn.value] as const] : []),
    ]),
    operations: operations_topic_arn.value,
    logGroupName: others.log_group_name?.value,
    functionLogGroupName: others.function_log_group_name.value,
    functionName: others.function_name?.value,
    undeliveredQueueUrl: others.undelivered_queue_url?.value,
    ledgerTable: others.ledger_table_name?.value,
    failureBucket: others.failure_bucket?.value,
    failurePrefix: others.failure_prefix?.value,
  };
}

async function fromFile(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new InputError(file, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function fromTerraform(root: string): Promise<unknown> {
  const program = await findTerraform(process.env['PATH'] ?? '');
  const { folder } = await synthesisedStack(root);
  const { code, stdout } = await outputOf(program, ['output', '-json'], folder);
  if (code !== 0)
    throw new AwsProblem(`${program} output ended with exit code ${code}: deploy first, or give --outputs FILE`);
  return JSON.parse(stdout);
}
