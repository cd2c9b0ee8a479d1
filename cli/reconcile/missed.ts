import type { TopicName } from '../../function/sinks/topic-message.ts';
import type { SentLedger } from '../redrive/sent-ledger.ts';
import type { HistoryFinding } from './history-findings.ts';

/** A finding that topics were not sent, as far as the ledger knows. */
export interface Missed {
  readonly finding: HistoryFinding;
  readonly topics: readonly TopicName[];
}

/** Findings asked for at once. */
const AT_ONCE = 16;

/**
 * Compares findings with the ledger, topic by topic. What was held back for a digest counts as sent there.
 * @throws {AwsProblem} when the ledger does not answer: without it nothing is known
 */
export async function missedOf(
  ledger: SentLedger,
  topics: readonly TopicName[],
  findings: readonly HistoryFinding[],
): Promise<readonly Missed[]> {
  const missed: (Missed | undefined)[] = [];
  const each = findings.entries();
  const worker = async () => {
    for (const [place, finding] of each) {
      const lacking: TopicName[] = [];
      for (const topic of topics) if (!(await ledger.isSent(topic, finding.dedupKey))) lacking.push(topic);
      if (lacking.length > 0) missed[place] = { finding, topics: lacking };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return missed.filter((one) => one !== undefined);
}
