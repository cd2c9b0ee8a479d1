import { createHash } from 'node:crypto';
import type { QueryPlace } from '../core/console-links.ts';
import { buildFinding } from '../core/finding.ts';
import type { Policy } from '../core/policy.ts';
import { eventIdOf, type ReadRecord } from '../core/record.ts';
import type { TeamInterests } from '../core/teams.ts';
import type { Rated } from '../core/verdict.ts';
import { publishAll, type SnsLoader } from './publisher.ts';
import type { Classified, Deadline, Sink, TopicTally } from './sink.ts';
import { type TopicName, topicMessage } from './topic-message.ts';

/** What publishing needs to know of its surroundings. */
export interface TopicsOptions {
  readonly load: SnsLoader;
  /** The topics that exist, by name. */
  readonly topics: ReadonlyMap<TopicName, string>;
  readonly policy: Policy;
  readonly teams: readonly TeamInterests[];
  readonly includeRecord: boolean;
  readonly now: () => Date;
}

/** Publishes every finding to every topic, topics side by side, and answers for each (finding, topic) pair. */
export function topicsSink(options: TopicsOptions): Sink {
  const accepted: Accepted[] = [];
  return {
    accept({ source, verdict, place }: Classified) {
      if (verdict.action !== 'publish' || 'unreadable' in source.read) return;
      const dedupKey = eventIdOf(source.read.record) ?? fingerprint(source.raw);
      accepted.push({ read: source.read, verdict, place, dedupKey });
    },
    async settle(deadline) {
      return Promise.all(
        [...options.topics].map(([topic, arn]) => settleTopic(options, topic, arn, accepted, deadline)),
      );
    },
  };
}

/** A finding in the making: built anew for each topic, since thousands of finished ones would not fit into memory. */
interface Accepted {
  readonly read: ReadRecord;
  readonly verdict: Rated;
  readonly place: QueryPlace | undefined;
  readonly dedupKey: string;
}

async function settleTopic(
  options: TopicsOptions,
  topic: TopicName,
  topicArn: string,
  accepted: readonly Accepted[],
  deadline: Deadline,
): Promise<TopicTally> {
  const { policy, teams, includeRecord } = options;
  const now = options.now();
  const outgoing = accepted.map(({ read, verdict, ...context }, index) => ({
    key: String(index),
    render: () => topicMessage(topic, buildFinding(policy, read, verdict, { ...context, teams }), now, includeRecord),
  }));
  const fates = await publishAll(options.load, topicArn, outgoing, deadline);
  const undelivered = fates.flatMap(({ key, errorCode }) =>
    errorCode === undefined ? [] : [{ topic, eventID: accepted[Number(key)]?.dedupKey ?? '', errorCode }],
  );
  return {
    topic,
    findings: accepted.length,
    delivered: fates.length - undelivered.length,
    repeated: 0,
    heldBack: 0,
    undelivered,
  };
}

/** A stand-in for the eventID of records that carry none: equal for equal records. */
function fingerprint(raw: unknown): string {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
