import * as z from 'zod';
import { neutralise } from '../../function/core/neutral.ts';
import { isObject } from '../../function/core/record.ts';
import type { Unreadable } from './undelivered-message.ts';

/** What Lambda gave up on. */
export interface FailedInvocation {
  /** The function's name, without version or alias. */
  readonly functionName: string;
  readonly region: string;
  readonly account: string;
  /** Such as `RetriesExhausted`. */
  readonly condition: string;
  /** A batch of a stream: its answer names what failed of it, which only a caller who waits reads. */
  readonly isBatch: boolean;
  /** The event as JSON. */
  readonly event: string;
}

const FUNCTION_ARN = /^arn:aws[a-z-]*:lambda:([a-z0-9-]+):(\d{12}):function:([\w-]{1,64})(?::[\w$-]+)?$/;

/**
 * What Lambda writes: of an asynchronous invocation the event stands under `requestPayload`, of a batch under `payload`,
 * there maybe as text.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
const recordSchema = z.looseObject({
  requestContext: z.looseObject({ functionArn: z.string().regex(FUNCTION_ARN), condition: z.string().optional() }),
  requestPayload: z.unknown().optional(),
  payload: z.unknown().optional(),
});

/** Reads an object of the failure bucket. */
export function readFailedInvocation(text: string): FailedInvocation | Unreadable {
  try {
    const { requestContext, requestPayload, payload } = recordSchema.parse(JSON.parse(text));
    const [, region = '', account = '', functionName = ''] = FUNCTION_ARN.exec(requestContext.functionArn) ?? [];
    const found = requestPayload ?? payload;
    const event: unknown = typeof found === 'string' ? JSON.parse(found) : found;
    if (!isObject(event)) return { unreadable: 'it holds no event' };
    return {
      functionName,
      region,
      account,
      condition: requestContext.condition ?? 'unknown',
      isBatch: Array.isArray(event['Records']),
      event: JSON.stringify(event),
    };
  } catch (error) {
    if (error instanceof z.ZodError)
      return { unreadable: `${error.issues[0]?.path.join('.')} is not what Lambda writes` };
    if (error instanceof SyntaxError) return { unreadable: neutralise(error.message, 120) };
    throw error;
  }
}
