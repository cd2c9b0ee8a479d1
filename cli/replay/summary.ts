import { neutralise } from '../../function/core/neutral.ts';
import type { Policy } from '../../function/core/policy.ts';
import { principalOf } from '../../function/core/principal.ts';
import { accountOf, type ReadRecord, textOf, timeOf } from '../../function/core/record.ts';
import { compareSeverities } from '../../function/core/severity.ts';
import type { Code, Verdict } from '../../function/core/verdict.ts';
import { count, newTally } from '../../function/tally.ts';
import type { InputRecord } from '../input/records.ts';
import { type Mention, mentionOf } from './mention.ts';
import { Messages } from './messages.ts';
import { Ranking } from './ranking.ts';
import { type ReasonName, reasonNameOf } from './reason-name.ts';

/** Findings shown of all that would have been published. */
const MAX_FINDINGS = 10;

/** An account by its number and, where `accounts.json` names it, its name. */
export interface AccountName {
  readonly id: string;
  readonly name: string | null;
}

/** What one policy makes of many records, in memory that does not grow with them. Every text in it is neutralised. */
export class Summary {
  readonly tally = newTally();
  readonly codes = new Map<Code, number>();
  /** Records that would be published, were it not for detections on trial. */
  onTrial = 0;
  /** The latest eventTime; the earliest is the tally's. */
  newest: string | undefined;
  /** Strongest reasons of rated records. */
  readonly reasons = new Ranking<ReasonName>();
  readonly principals = new Ranking<{ readonly name: string; readonly account: string | null }>();
  readonly accounts = new Ranking<AccountName>();
  readonly regions = new Ranking<{ readonly name: string }>();
  /** The severest findings, at equal severity the first that came. */
  readonly findings: Mention[] = [];
  /** What a person would have received of all that is published. */
  readonly messages: Messages;
  readonly policy: Policy;

  constructor(policy: Policy) {
    this.policy = policy;
    this.messages = new Messages(policy);
  }

  /** Counts one record with the verdict this policy gave it. */
  add(source: InputRecord, verdict: Verdict): void {
    count(this.tally, { source, verdict, place: source.place });
    this.codes.set(verdict.code, (this.codes.get(verdict.code) ?? 0) + 1);
    const { read } = source;
    if ('unreadable' in read) return;
    const isPublished = verdict.action === 'publish';
    this.#countPlace(read, isPublished);
    if (verdict.verdict !== 'rated') return;
    if (verdict.wouldPublish) this.onTrial++;
    const reason = reasonNameOf(this.policy, read, verdict.reasons[0]);
    this.reasons.count(`${reason.by} ${reason.name}`, isPublished, () => reason);
    if (!isPublished) return;
    this.messages.add(source, read, verdict);
    if (this.#isAmongSeverest(verdict.severity)) this.#keep(mentionOf(this.policy, source, read, verdict));
  }

  #countPlace({ record }: ReadRecord, isPublished: boolean): void {
    const eventTime = textOf(record['eventTime']);
    if (eventTime !== undefined && !(this.newest !== undefined && eventTime <= this.newest) && timeOf(eventTime)) {
      this.newest = eventTime;
    }
    const accountId = accountOf(record);
    const account = accountId === undefined ? null : neutralise(accountId, 64);
    if (account !== null) {
      const name = this.policy.accounts.get(account)?.name ?? null;
      this.accounts.count(account, isPublished, () => ({ id: account, name }));
    }
    const region = textOf(record['awsRegion']);
    if (region !== undefined) {
      const name = neutralise(region, 64);
      this.regions.count(name, isPublished, () => ({ name }));
    }
    const name = neutralise(principalOf(record).name);
    this.principals.count(`${account}/${name}`, isPublished, () => ({ name, account }));
  }

  #isAmongSeverest(severity: Mention['severity']): boolean {
    const last = this.findings[MAX_FINDINGS - 1];
    return last === undefined || compareSeverities(severity, last.severity) > 0;
  }

  #keep(mention: Mention): void {
    const after = this.findings.findIndex(({ severity }) => compareSeverities(severity, mention.severity) < 0);
    this.findings.splice(after === -1 ? this.findings.length : after, 0, mention);
    this.findings.length = Math.min(this.findings.length, MAX_FINDINGS);
  }
}
