import { ceilingSummary } from '../core/digest.ts';
import { renderDigest } from '../core/render/digest.ts';
import { compareSeverities } from '../core/severity.ts';
import { type Accepted, findingsOf } from './accepted.ts';
import { type Admission, isOpen } from './admission.ts';
import { underTopicCeiling } from './ceiling.ts';
import { digestOf } from './ledger/keys.ts';
import { type Fate, publishAll } from './publisher.ts';
import { type Deadline, keeping, type TopicTally } from './sink.ts';
import { type TopicName, topicMessage } from './topic-message.ts';
import type { TopicsOptions } from './topics.ts';
import { handOver } from './undelivered.ts';

/** Milliseconds kept for handing over what could not be published. */
const HANDOVER = 5_000;

interface Topic {
  readonly name: TopicName;
  readonly arn: string;
}

/** A finding, by its place, that the topic did not take, with the code of the refusal. */
interface Refused {
  readonly index: number;
  readonly errorCode: string;
}

/**
 * Gives every finding of an admission its fate on one topic: as admitted, then by the ceiling, then by SNS, then by the
 * queue. What SNS takes is marked as sent at once, batch by batch, so that an invocation that dies repeats little. What the
 * queue takes stays unsent in the ledger: a repeat may deliver it sooner, and `redrive` then drops the queue's copy.
 */
export async function settleTopic(
  options: TopicsOptions,
  topic: Topic,
  accepted: readonly Accepted[],
  { gates, firsts }: Admission,
  deadline: Deadline,
): Promise<TopicTally> {
  const now = options.now();
  const of = gates.get(topic.name) ?? [];
  const open = of.flatMap((gate, index) => (isOpen(gate) ? [index] : []));
  const { ledger, messagesPerMinute } = options;
  const ceiling = { ledger, topic: topic.name, messagesPerMinute, now, firsts };
  const { going, kept, unkept } = await underTopicCeiling(ceiling, open, accepted);

  const marks: Promise<void>[] = [];
  const mark = (places: readonly number[]) => {
    const sent = places.map((index) => ({ topic: topic.name, dedupKey: accepted[index]?.dedupKey ?? '' }));
    if (ledger !== undefined && sent.length > 0) marks.push(ledger.claims.markSent(sent));
  };
  let refused: readonly Refused[];
  let unsummed: readonly Refused[];
  let lost: readonly Refused[];
  try {
    mark(kept);
    const publishing = options.queue ? keeping(HANDOVER, deadline) : deadline;
    refused = await publishFindings(options, topic, going, accepted, { now, deadline: publishing, mark });
    unsummed = await publishSummary(options, topic, unkept, accepted, { now, deadline: publishing });
    if (unsummed.length === 0) mark(unkept);
    lost = await handOverAll(options, topic, [...refused, ...unsummed], accepted, { now, deadline });
  } finally {
    await Promise.all(marks);
  }

  const isRefused = new Set(refused.map(({ index }) => index));
  return {
    topic: topic.name,
    findings: of.filter((gate) => gate !== 'notNow').length,
    delivered: going.length - refused.length,
    repeated: of.filter((gate) => gate === 'repeated').length,
    heldBack: of.filter((gate) => gate === 'heldBack').length + kept.length + unkept.length - unsummed.length,
    undelivered: refused.length + unsummed.length,
    lost: lost.map(({ index, errorCode }) => ({
      topic: topic.name,
      eventID: accepted[index]?.dedupKey ?? '',
      errorCode,
    })),
    handedOver: refused.length + unsummed.length - lost.length,
    possiblyRepeated: going.filter((index) => of[index] === 'goAgain' && !isRefused.has(index)).length,
  };
}

interface When {
  readonly now: Date;
  readonly deadline: Deadline;
}

async function publishFindings(
  options: TopicsOptions,
  topic: Topic,
  going: readonly number[],
  accepted: readonly Accepted[],
  { now, deadline, mark }: When & { readonly mark: (places: readonly number[]) => void },
): Promise<Refused[]> {
  const outgoing = going.flatMap((index) => {
    const one = accepted[index];
    return one ? [{ key: String(index), render: () => messageOf(options, topic, one, now) }] : [];
  });
  const fates = await publishAll(options.load, topic.arn, outgoing, deadline, (keys) => mark(keys.map(Number)));
  return refusedOf(fates).sort((a, b) => a.index - b.index);
}

/** @returns all of them when SNS does not take the message that names them */
async function publishSummary(
  { load }: TopicsOptions,
  topic: Topic,
  unkept: readonly number[],
  accepted: readonly Accepted[],
  { now, deadline }: When,
): Promise<Refused[]> {
  if (unkept.length === 0) return [];
  // The same for the same findings: a summary of others must not pass for a repeat of this one.
  const id = digestOf(JSON.stringify(['summary', topic.name, ...unkept.map((index) => accepted[index]?.dedupKey)]));
  const severityOf = (index: number) => accepted[index]?.verdict.severity ?? 'critical';
  // Where not all can be named, the most severe are.
  const named = unkept.toSorted((a, b) => compareSeverities(severityOf(b), severityOf(a)));
  const digest = ceilingSummary(id, topic.name, findingsOf(named, accepted), now);
  if (digest === undefined) return [];
  const parts = renderDigest(digest, topic.name).map((message, index) => ({
    key: String(index),
    render: () => message,
  }));
  const errorCode = refusedOf(await publishAll(load, topic.arn, parts, deadline))[0]?.errorCode;
  return errorCode === undefined ? [] : unkept.map((index) => ({ index, errorCode }));
}

/** @returns what the queue does not take either */
async function handOverAll(
  options: TopicsOptions,
  topic: Topic,
  refused: readonly Refused[],
  accepted: readonly Accepted[],
  { now, deadline }: When,
): Promise<readonly Refused[]> {
  if (options.queue === undefined) return refused;
  const handed = refused.flatMap(({ index, errorCode }) => {
    const one = accepted[index];
    if (one === undefined) return [];
    const { dedupKey, verdict } = one;
    return [
      {
        key: String(index),
        topic: topic.name,
        topicArn: topic.arn,
        dedupKey,
        severity: verdict.severity,
        errorCode,
        render: () => messageOf(options, topic, one, now),
      },
    ];
  });
  const left = new Set(refusedOf(await handOver(options.queue, handed, deadline)).map(({ index }) => index));
  return refused.filter(({ index }) => left.has(index));
}

function messageOf({ includeRecord }: TopicsOptions, { name }: Topic, accepted: Accepted, now: Date) {
  return topicMessage(name, accepted.finding(), now, includeRecord);
}

function refusedOf(fates: readonly Fate[]): Refused[] {
  return fates.flatMap(({ key, errorCode }) => (errorCode === undefined ? [] : [{ index: Number(key), errorCode }]));
}
