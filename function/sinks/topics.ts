import type { Policy } from '../core/policy.ts';
import type { TeamInterests } from '../core/teams.ts';
import { type Accepted, acceptedOf } from './accepted.ts';
import { admissions } from './admission.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { SnsLoader } from './publisher.ts';
import type { Classified, Deadline, Sink, TopicTally } from './sink.ts';
import { settleTopic } from './topic-delivery.ts';
import type { TopicName } from './topic-message.ts';
import type { UndeliveredQueue } from './undelivered.ts';

/** What publishing needs to know of its surroundings. */
export interface TopicsOptions {
  readonly load: SnsLoader;
  /** The topics that exist, by name. */
  readonly topics: ReadonlyMap<TopicName, string>;
  readonly policy: Policy;
  readonly teams: readonly TeamInterests[];
  readonly includeRecord: boolean;
  readonly messagesPerMinute: number;
  readonly ledger: Ledger | undefined;
  /** Takes what a topic refuses for good. Without one, the refusal fails the invocation. */
  readonly queue: UndeliveredQueue | undefined;
  readonly now: () => Date;
}

/** Publishes every finding to every topic, topics side by side, and answers for each (finding, topic) pair. */
export function topicsSink(options: TopicsOptions): Sink {
  const accepted: Accepted[] = [];
  return {
    accept(classified: Classified) {
      const one = acceptedOf(options.policy, options.teams, classified);
      if (one !== undefined) accepted.push(one);
    },
    async settle(deadline: Deadline) {
      const topics = [...options.topics].map(([name, arn]) => ({ name, arn }));
      const tallies: TopicTally[] = [];
      for await (const admission of admissions(options.ledger, [...options.topics.keys()], accepted)) {
        const settling = topics.map((topic) => settleTopic(options, topic, accepted, admission, deadline));
        // One topic's failure is no reason to leave another's findings half sent: the process stops with the invocation.
        await Promise.allSettled(settling);
        for (const [place, tally] of (await Promise.all(settling)).entries()) {
          tallies[place] = sumOf(tallies[place], tally);
        }
      }
      return tallies;
    },
  };
}

function sumOf(before: TopicTally | undefined, tally: TopicTally): TopicTally {
  if (before === undefined) return tally;
  return {
    topic: tally.topic,
    findings: before.findings + tally.findings,
    delivered: before.delivered + tally.delivered,
    repeated: before.repeated + tally.repeated,
    heldBack: before.heldBack + tally.heldBack,
    undelivered: before.undelivered + tally.undelivered,
    lost: [...before.lost, ...tally.lost],
    handedOver: before.handedOver + tally.handedOver,
    possiblyRepeated: before.possiblyRepeated + tally.possiblyRepeated,
  };
}
