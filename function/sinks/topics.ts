import { createHash } from 'node:crypto';
import { buildFinding, type Finding } from '../core/finding.ts';
import type { Policy } from '../core/policy.ts';
import { eventIdOf } from '../core/record.ts';
import type { TeamInterests } from '../core/teams.ts';
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
  const findings: Finding[] = [];
  return {
    accept({ source, verdict, place }: Classified) {
      if (verdict.action !== 'publish' || 'unreadable' in source.read) return;
      const dedupKey = eventIdOf(source.read.record) ?? fingerprint(source.raw);
      findings.push(buildFinding(options.policy, source.read, verdict, { dedupKey, place, teams: options.teams }));
    },
    async settle(deadline) {
      return Promise.all(
        [...options.topics].map(([topic, arn]) => settleTopic(options, topic, arn, findings, deadline)),
      );
    },
  };
}

async function settleTopic(
  options: TopicsOptions,
  topic: TopicName,
  topicArn: string,
  findings: readonly Finding[],
  deadline: Deadline,
): Promise<TopicTally> {
  const now = options.now();
  const outgoing = findings.map((finding, index) => ({
    key: String(index),
    message: topicMessage(topic, finding, now, options.includeRecord),
  }));
  const fates = await publishAll(options.load, topicArn, outgoing, deadline);
  const undelivered = fates.flatMap(({ key, errorCode }) =>
    errorCode === undefined ? [] : [{ topic, eventID: findings[Number(key)]?.dedupKey ?? '', errorCode }],
  );
  return {
    topic,
    findings: findings.length,
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
