import { MAX_VALUE_LENGTH, neutralise } from '../../function/core/neutral.ts';
import type { Policy } from '../../function/core/policy.ts';
import { principalName } from '../../function/core/principal.ts';
import { accountOf, type ReadRecord, textOf, type Unreadable } from '../../function/core/record.ts';
import { SEVERITIES, type Severity } from '../../function/core/severity.ts';
import type { Action, Code, Verdict } from '../../function/core/verdict.ts';
import { bump, type Ranked, Ranking, type RankingParts } from './ranking.ts';
import { type ReasonName, ReasonNames } from './reason-name.ts';
import { Volume, type VolumeParts } from './volume.ts';

/** An account by its number and, where `accounts.json` names it, its name. */
export interface AccountName {
  readonly id: string;
  readonly name: string | null;
}

/** A principal by name, in its account. */
export interface PrincipalName {
  readonly name: string;
  readonly account: string | null;
}

/** Plain counts of a summary. */
export interface Counted {
  received: number;
  /** Would be published, were it not for detections on trial. */
  onTrial: number;
  readonly actions: Record<Action, number>;
  readonly severities: Record<Severity, number>;
  readonly codes: Map<Code, number>;
  /** The first and the last eventTime; of times before the year 2000, which no trail has, none is the first. */
  oldest: string | undefined;
  newest: string | undefined;
}

/** The state of a summary as plain data, to go from one thread to another. */
export interface SummaryParts {
  readonly counted: Counted;
  readonly volume: VolumeParts;
  readonly reasons: RankingParts<ReasonName>;
  readonly principals: RankingParts<PrincipalName>;
  readonly accounts: RankingParts<AccountName>;
  readonly regions: RankingParts<{ readonly name: string }>;
}

/** What one policy makes of many records, in memory that does not grow with them. Every text in it is neutralised. */
export class Summary {
  readonly counted: Counted = {
    received: 0,
    onTrial: 0,
    actions: { ignore: 0, quiet: 0, log: 0, publish: 0, reject: 0 },
    severities: { informational: 0, low: 0, medium: 0, high: 0, critical: 0 },
    codes: new Map(),
    oldest: undefined,
    newest: undefined,
  };
  readonly volume = new Volume();
  /** Strongest reasons of rated records. */
  readonly reasons = new Ranking<ReasonName>();
  readonly principals = new Ranking<PrincipalName>();
  readonly accounts = new Ranking<AccountName>();
  readonly regions = new Ranking<{ readonly name: string }>();
  readonly policy: Policy;
  readonly #names: ReasonNames;
  /** Neighbours are often of one principal. */
  #lastPrincipal: Principal | undefined;

  constructor(policy: Policy) {
    this.policy = policy;
    this.#names = new ReasonNames(policy);
  }

  /**
   * Counts one record with the verdict this policy gave it, or with `by` -1 takes it back.
   * @param time whether its eventTime tells one
   */
  count(read: ReadRecord | Unreadable, hasTime: boolean, verdict: Verdict, by: 1 | -1 = 1): void {
    const { counted } = this;
    counted.received += by;
    counted.actions[verdict.action] += by;
    counted.codes.set(verdict.code, (counted.codes.get(verdict.code) ?? 0) + by);
    if (verdict.severity !== null) counted.severities[verdict.severity] += by;
    if ('unreadable' in read) return;
    const isPublished = verdict.action === 'publish';
    const eventTime = read.record['eventTime'];
    if (hasTime && typeof eventTime === 'string') this.#countWhen(eventTime, verdict, by);
    this.#countWho(read, isPublished, by);
    if (verdict.verdict !== 'rated') return;
    if (verdict.wouldPublish) counted.onTrial += by;
    const { by: kind, name, key } = this.#names.of(read, verdict.reasons[0]);
    bump(this.reasons.at(key) ?? this.reasons.add(key, { by: kind, name }), isPublished, by);
  }

  /** Adds what another counted under the same policy. */
  absorb({ counted: other, volume, reasons, principals, accounts, regions }: SummaryParts): void {
    const { counted } = this;
    counted.received += other.received;
    counted.onTrial += other.onTrial;
    for (const action of ['ignore', 'quiet', 'log', 'publish', 'reject'] as const) {
      counted.actions[action] += other.actions[action];
    }
    for (const severity of SEVERITIES) counted.severities[severity] += other.severities[severity];
    for (const [code, records] of other.codes) counted.codes.set(code, (counted.codes.get(code) ?? 0) + records);
    if (other.oldest !== undefined && !(counted.oldest !== undefined && counted.oldest <= other.oldest)) {
      counted.oldest = other.oldest;
    }
    if (other.newest !== undefined && !(counted.newest !== undefined && counted.newest >= other.newest)) {
      counted.newest = other.newest;
    }
    this.volume.absorb(volume);
    this.reasons.absorb(reasons);
    this.principals.absorb(principals);
    this.accounts.absorb(accounts);
    this.regions.absorb(regions);
  }

  /** The state so far. */
  parts(): SummaryParts {
    return {
      counted: this.counted,
      volume: this.volume.parts(),
      reasons: this.reasons.parts(),
      principals: this.principals.parts(),
      accounts: this.accounts.parts(),
      regions: this.regions.parts(),
    };
  }

  #countWhen(eventTime: string, verdict: Verdict, by: 1 | -1): void {
    const { counted } = this;
    if (counted.newest === undefined || eventTime > counted.newest) counted.newest = eventTime;
    if ((counted.oldest === undefined || eventTime < counted.oldest) && eventTime.startsWith('2')) {
      counted.oldest = eventTime;
    }
    this.volume.count(eventTime, verdict, by);
  }

  // Values as they came are looked up, and neutralised where they are new.
  #countWho({ record }: ReadRecord, isPublished: boolean, by: 1 | -1): void {
    const account = accountOf(record);
    if (account !== undefined) {
      const name = short(account);
      bump(this.accounts.at(name) ?? this.#addAccount(name), isPublished, by);
    }
    const region = textOf(record['awsRegion']);
    if (region !== undefined) {
      const name = short(region);
      bump(this.regions.at(name) ?? this.regions.add(name, { name: neutralise(name, 64) }), isPublished, by);
    }
    const principal = short(principalName(record));
    const last = this.#lastPrincipal;
    if (last !== undefined && last.principal === principal && last.account === account) {
      bump(this.principals.at(last.key) ?? this.#addPrincipal(last), isPublished, by);
      return;
    }
    const key = `${account === undefined ? null : short(account)}/${principal}`;
    this.#lastPrincipal = { key, account, principal };
    bump(this.principals.at(key) ?? this.#addPrincipal(this.#lastPrincipal), isPublished, by);
  }

  #addAccount(account: string): Ranked<AccountName> {
    const id = neutralise(account, 64);
    return this.accounts.add(account, { id, name: this.policy.accounts.get(id)?.name ?? null });
  }

  #addPrincipal({ key, account, principal }: Principal): Ranked<PrincipalName> {
    const name = neutralise(principal);
    return this.principals.add(key, { name, account: account === undefined ? null : neutralise(account, 64) });
  }
}

interface Principal {
  readonly key: string;
  readonly account: string | undefined;
  readonly principal: string;
}

/** Enough to be shown whole, and to be told apart by; what is longer is nobody's name. */
function short(text: string): string {
  return text.length <= MAX_VALUE_LENGTH ? text : text.slice(0, MAX_VALUE_LENGTH + 1);
}
