import { randomUUID } from 'node:crypto';
import type { Policy } from '../../function/core/policy.ts';
import type { Io } from '../command.ts';
import type { Caller } from './caller.ts';
import {
  eventIdPattern,
  identityOf,
  makeMarkedCall,
  markedCallActions,
  markPattern,
  type Patience,
  waitForEvent,
} from './marked-call.ts';
import { logGroupOf, type StackOutputs } from './stack-outputs.ts';

const MINUTE = 60_000;

/** CloudTrail takes five minutes on average, subscriptions usually less than three; neither is promised. */
const PATIENCE: Patience = { atMost: 15 * MINUTE, every: 15_000 };
const FUNCTION_PATIENCE: Patience = { atMost: 5 * MINUTE, every: 10_000 };

/**
 * Follows one harmless call: from AWS to the log group, and on into the log of the function.
 * @returns false when its record did not come in time, or the severities would alert on it
 * @throws {AwsProblem} where the stack has no log group, before the call is made
 */
export async function measureEndToEnd(
  io: Io,
  stack: Pick<StackOutputs, 'logGroupName' | 'functionLogGroupName'>,
  { region, arn }: Caller,
  policy: Policy,
  patience: { readonly trail: Patience; readonly function: Patience } = {
    trail: PATIENCE,
    function: FUNCTION_PATIENCE,
  },
): Promise<boolean> {
  const { functionLogGroupName } = stack;
  const logGroupName = logGroupOf(stack, 'the way from end to end is measured through it, so it is not measured');
  const actions = markedCallActions(policy, arn);
  if (actions.includes('publish')) {
    io.say(
      'Not measured: these severities alert on the call it would make (sts.amazonaws.com/DecodeAuthorizationMessage).',
    );
    return false;
  }
  const mark = randomUUID();
  const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
  const client = new CloudWatchLogsClient({ region });
  const since = Date.now() - MINUTE;
  await makeMarkedCall(region, mark);
  io.say(`Made one call marked ${mark}. Waiting for its record in ${logGroupName}: minutes are usual.`);
  const recorded = await waitForEvent(client, logGroupName, markPattern(mark), since, patience.trail);
  if (recorded === undefined) {
    io.say(
      `No record of it came to ${logGroupName} in ${minutes(patience.trail)}: look whether the trail is logging and writes there.`,
    );
    return false;
  }
  const { eventID, eventTime } = identityOf(recorded);
  await io.out(`End to end\n  call to log group      ${seconds(recorded.ingestionTime - eventTime)}\n`);
  if (actions.some((action) => action !== 'log')) {
    io.say(
      'The rest is not measured: these severities only count such a call, so the function writes no line about it.',
    );
    return true;
  }
  const handled = await waitForEvent(client, functionLogGroupName, eventIdPattern(eventID), since, patience.function);
  if (handled === undefined) {
    io.say(`The function wrote nothing about ${eventID} in ${minutes(patience.function)}: see the pipeline's alarms.`);
    return false;
  }
  await io.out(`  log group to function  ${seconds(handled.timestamp - recorded.ingestionTime)}\n`);
  await io.out(`  together               ${seconds(handled.timestamp - eventTime)}, then what SNS took above\n`);
  return true;
}

function seconds(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`;
}

function minutes({ atMost }: Patience): string {
  return `${Math.round(atMost / MINUTE)} minutes`;
}
