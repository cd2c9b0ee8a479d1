import { randomUUID } from 'node:crypto';
import type { SNSClient } from '@aws-sdk/client-sns';
import { neutralise } from '../function/core/neutral.ts';
import { compilePolicy, type Policy } from '../function/core/policy.ts';
import { UNCLAIMED } from '../function/core/teams.ts';
import type { TopicMessage, TopicName } from '../function/sinks/topic-message.ts';
import { type Caller, whoCalls } from './aws/caller.ts';
import { measureEndToEnd } from './aws/end-to-end.ts';
import { AwsProblem, asking, sayingProblems } from './aws/problem.ts';
import { type StackOutputs, stackOutputs } from './aws/stack-outputs.ts';
import { type FoundSubscription, type Listener, subscriptionsTo } from './aws/subscriptions.ts';
import { testMessage } from './aws/test-finding.ts';
import { type Command, type Io, SEVERITIES_OPTION, severitiesDir } from './command.ts';
import { readSeverities } from './severities-folder.ts';

/** `verify`: exit 1 when a subscription is pending or a message is refused. */
export const verifyCommand: Command = {
  takesInputs: false,
  options: { outputs: { type: 'string' }, 'end-to-end': { type: 'boolean' }, ...SEVERITIES_OPTION },
  async run(args, io) {
    const { outputs, 'end-to-end': endToEnd } = args.options;
    const policy = compilePolicy(await readSeverities(severitiesDir(args, io)));
    return sayingProblems(io, async () => {
      const stack = await stackOutputs(io.root, typeof outputs === 'string' ? outputs : undefined);
      const region = stack.operations.split(':')[3] ?? '';
      const caller = await whoCalls(region);
      const { SNSClient } = await import('@aws-sdk/client-sns');
      const client = new SNSClient({ region });
      const subscriptions = await subscriptionsOf(client, stack);
      const isHeard = await tellSubscriptions(io, subscriptions, stack.operations);
      const isTaken = await sendTests({ io, client, stack, caller, policy }, subscriptions);
      const isWhole = endToEnd === true ? await measureEndToEnd(io, stack, caller, policy) : true;
      return isHeard && isTaken && isWhole ? 0 : 1;
    });
  },
};

async function subscriptionsOf(client: SNSClient, stack: StackOutputs): Promise<FoundSubscription[]> {
  const found: FoundSubscription[] = [];
  for (const topic of [...stack.topics.values(), stack.operations])
    found.push(...(await subscriptionsTo(client, topic)));
  return found;
}

/** @returns whether every subscription is confirmed, somebody catches what no team claims, and somebody hears operations */
async function tellSubscriptions(
  io: Io,
  subscriptions: readonly FoundSubscription[],
  operations: string,
): Promise<boolean> {
  await io.out('Subscriptions\n');
  for (const { topicArn, protocol, endpoint, isConfirmed } of subscriptions) {
    const state = isConfirmed ? 'confirmed' : 'PENDING';
    await io.out(`  ${state.padEnd(9)}  ${nameOf(topicArn)}  ${protocol}  ${neutralise(endpoint)}\n`);
  }
  const pending = subscriptions.filter(({ isConfirmed }) => !isConfirmed);
  if (pending.length > 0) {
    io.say(
      `${pending.length} subscription(s) hear nothing until their owner follows the link AWS sent ("Confirm subscription").`,
    );
  }
  const isCaught = subscriptions.some(
    ({ topicArn, listeners }) => topicArn !== operations && listeners.some(({ team }) => team === UNCLAIMED),
  );
  if (!isCaught) io.say('No catch-all is confirmed: findings that no team claims reach nobody.');
  const isWatched = subscriptions.some(({ topicArn, isConfirmed }) => topicArn === operations && isConfirmed);
  if (!isWatched) io.say(`Nobody is confirmed on ${nameOf(operations)}: trailbell's own alarms reach nobody.`);
  return pending.length === 0 && isCaught && isWatched;
}

interface Sending {
  readonly io: Io;
  readonly client: SNSClient;
  readonly stack: StackOutputs;
  readonly caller: Caller;
  readonly policy: Policy;
}

/** @returns whether SNS took every message */
async function sendTests(sending: Sending, subscriptions: readonly FoundSubscription[]): Promise<boolean> {
  const { io, stack, caller, policy } = sending;
  const run = randomUUID();
  await io.out('Test findings\n');
  let isTaken = true;
  for (const [topic, topicArn] of stack.topics) {
    for (const listener of listenersOn(subscriptions, topicArn)) {
      const test = { ...listener, run, account: caller.account, region: caller.region, callerArn: caller.arn };
      const label = `${listener.team} (${listener.severity})`;
      isTaken =
        (await send(sending, topicArn, label, testMessage(topic satisfies TopicName, test, policy, new Date()))) &&
        isTaken;
    }
  }
  if (!subscriptions.some(({ topicArn, isConfirmed }) => topicArn === stack.operations && isConfirmed)) return isTaken;
  const Message =
    'trailbell verify was run after a deployment to see that this subscription hears. Nobody needs to act.\n';
  const notice = { Subject: '[TEST] trailbell operations', Message, MessageAttributes: {} };
  return (await send(sending, stack.operations, 'operations', notice)) && isTaken;
}

function listenersOn(subscriptions: readonly FoundSubscription[], topicArn: string): Iterable<Listener> {
  const listeners = subscriptions.flatMap((found) => (found.topicArn === topicArn ? found.listeners : []));
  return new Map(listeners.map((listener) => [listener.team, listener])).values();
}

async function send({ io, client }: Sending, TopicArn: string, label: string, message: TopicMessage): Promise<boolean> {
  const { PublishCommand } = await import('@aws-sdk/client-sns');
  const start = performance.now();
  try {
    await asking('sns:Publish, kms:GenerateDataKey and kms:Decrypt', () =>
      client.send(new PublishCommand({ TopicArn, ...message })),
    );
  } catch (error) {
    if (!(error instanceof AwsProblem)) throw error;
    io.say(`${label} on ${nameOf(TopicArn)}: ${error.message}`);
    return false;
  }
  await io.out(`  ${label}  ${nameOf(TopicArn)}  accepted after ${Math.round(performance.now() - start)} ms\n`);
  return true;
}

function nameOf(topicArn: string): string {
  return topicArn.slice(topicArn.lastIndexOf(':') + 1);
}
