import { buildFinding } from '../../function/core/finding.ts';
import type { Policy } from '../../function/core/policy.ts';
import { readRecord } from '../../function/core/record.ts';
import { asSubject } from '../../function/core/render/subject.ts';
import type { Rated } from '../../function/core/verdict.ts';
import { type TopicMessage, type TopicName, topicMessage } from '../../function/sinks/topic-message.ts';
import type { Listener } from './subscriptions.ts';

const LABEL = '[TEST]';

/** Whom a test is for, and from where it is sent. */
export interface TestOf extends Listener {
  readonly account: string;
  readonly region: string;
  readonly callerArn: string;
  /** Tells this run's messages from others'. */
  readonly run: string;
}

/**
 * A finding that nobody can take for a real one: its title, subject and headline begin with `[TEST]`, its detection is
 * `trailbell-test`. Attributes and shape are those of real findings, so filter policies and programs treat it as such.
 */
export function testMessage(topic: TopicName, test: TestOf, policy: Policy, now: Date): TopicMessage {
  const read = readRecord({
    eventSource: 'trailbell.amazonaws.com',
    eventName: 'VerifySubscriptions',
    eventTime: `${now.toISOString().slice(0, 19)}Z`,
    eventID: test.run,
    awsRegion: test.region,
    recipientAccountId: test.account,
    userIdentity: { arn: test.callerArn, accountId: test.account },
  });
  if ('unreadable' in read) throw new Error(`the test record is unreadable: ${read.unreadable}`);
  const { severity, team } = test;
  const explanation = {
    title: `${LABEL} Nothing happened, this is a test for ${team}`,
    reason: 'trailbell verify was run after a deployment to see that this subscription hears.',
    nextSteps: ['Nothing. That you read this is the result.'],
  };
  const verdict: Rated = {
    verdict: 'rated',
    severity,
    code: 'detection_matched',
    action: 'publish',
    reasons: [{ by: 'detection', id: 'trailbell-test', severity, code: 'detection_matched', explanation }],
  };
  const context = { dedupKey: `${test.run}-${team}`, place: undefined, teams: [] };
  const finding = { ...buildFinding(policy, read, verdict, context), team: [team] };
  return labelled(topic, topicMessage(topic, finding, now, true));
}

function labelled(topic: TopicName, message: TopicMessage): TopicMessage {
  switch (topic) {
    case 'alerts':
      return {
        ...message,
        Subject: asSubject(`${LABEL} ${message.Subject ?? ''}`),
        Message: `${LABEL} Nobody needs to act on this.\n\n${message.Message}`,
      };
    case 'findings': {
      const document = JSON.parse(message.Message) as { title: string };
      return { ...message, Message: JSON.stringify({ ...document, title: asSubject(`${LABEL} ${document.title}`) }) };
    }
    case 'chat': {
      const chat = JSON.parse(message.Message) as { content: { title: string } };
      const title = `${LABEL} ${chat.content.title}`.slice(0, 250);
      return { ...message, Message: JSON.stringify({ ...chat, content: { ...chat.content, title } }) };
    }
  }
}
