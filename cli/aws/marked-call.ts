import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { classify } from '../../function/core/classify.ts';
import type { Policy } from '../../function/core/policy.ts';
import { readRecord } from '../../function/core/record.ts';
import type { Action } from '../../function/core/verdict.ts';
import { AwsProblem, asking } from './problem.ts';

const EVENT = { eventSource: 'sts.amazonaws.com', eventName: 'DecodeAuthorizationMessage' } as const;
/** AWS refuses the call with the first when it is allowed, with the second when it is not. */
const REFUSALS = ['InvalidAuthorizationMessageException', 'AccessDenied'] as const;

/** What the policy would do with the call's record, whichever way AWS refuses it. */
export function markedCallActions(policy: Policy, callerArn: string): readonly Action[] {
  return REFUSALS.map((errorCode) => {
    const read = readRecord({ ...EVENT, errorCode, userIdentity: { arn: callerArn } });
    if ('unreadable' in read) throw new Error(`the marked record is unreadable: ${read.unreadable}`);
    return classify(policy, read).action;
  });
}

/**
 * Asks STS to decode a message that is none: needs no permission, changes nothing, and CloudTrail records the refusal.
 * The mark goes into the user agent.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
export async function makeMarkedCall(region: string, mark: string): Promise<void> {
  const { STSClient, DecodeAuthorizationMessageCommand, STSServiceException } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ region, customUserAgent: [['trailbell-verify', mark]] });
  await asking('sts:DecodeAuthorizationMessage', async () => {
    try {
      await client.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: mark }));
    } catch (error) {
      if (error instanceof STSServiceException && (REFUSALS as readonly string[]).includes(error.name)) return;
      throw error;
    }
  });
}

/** How long to look for something, and how often; in milliseconds. */
export interface Patience {
  readonly atMost: number;
  readonly every: number;
}

/** A log event that was found. Times are AWS's, in milliseconds since 1970. */
export interface FoundEvent {
  readonly message: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
}

/** The pattern of the marked call in the trail's log group, and of its record in the function's. */
export const markPattern = (mark: string) =>
  `{ $.eventSource = "${EVENT.eventSource}" && $.eventName = "${EVENT.eventName}" && $.userAgent = "*trailbell-verify/${mark}*" }`;
/** The pattern that finds one record by its id. */
export const eventIdPattern = (eventID: string) => `{ $.eventID = "${eventID}" }`;

/**
 * Waits for a log event that a filter pattern finds, from `since` on. @returns undefined when none came in time
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export async function waitForEvent(
  client: CloudWatchLogsClient,
  logGroupName: string,
  filterPattern: string,
  since: number,
  { atMost, every }: Patience,
): Promise<FoundEvent | undefined> {
  const { paginateFilterLogEvents } = await import('@aws-sdk/client-cloudwatch-logs');
  const end = Date.now() + atMost;
  for (;;) {
    const found = await asking(`logs:FilterLogEvents on ${logGroupName}`, async () => {
      const pages = paginateFilterLogEvents({ client }, { logGroupName, filterPattern, startTime: since });
      for await (const { events = [] } of pages) {
        const [event] = events;
        if (event) return event;
      }
      return undefined;
    });
    if (found) {
      const { message = '', timestamp = 0, ingestionTime = 0 } = found;
      return { message, timestamp, ingestionTime };
    }
    if (Date.now() + every > end) return undefined;
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/** The eventID and eventTime of a record's text. */
export function identityOf({ message }: FoundEvent): { readonly eventID: string; readonly eventTime: number } {
  const { eventID, eventTime } = JSON.parse(message) as Record<string, unknown>;
  const time = Date.parse(String(eventTime));
  if (typeof eventID !== 'string' || Number.isNaN(time))
    throw new AwsProblem('the marked record has no eventID or eventTime');
  return { eventID, eventTime: time };
}
