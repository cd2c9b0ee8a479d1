import { eventLink, type QueryPlace, queryLink } from './console-links.ts';
import { donePhrase, forTarget, triedPhrase } from './phrase.ts';
import type { Explanation, Policy } from './policy.ts';
import { type Principal, principalOf } from './principal.ts';
import { accountOf, eventIdOf, type ReadRecord, textOf, timeOf, withoutApiVersion } from './record.ts';
import { type Target, targetOf } from './target.ts';
import { type TeamInterests, teamsFor } from './teams.ts';
import type { Rated } from './verdict.ts';

/** What delivery knows and a record does not. */
export interface FindingContext {
  /** Stable for the same record: its eventID, or a hash of its text where it has none. */
  readonly dedupKey: string;
  /** Where the record can be queried, when it came from a log group. */
  readonly place: QueryPlace | undefined;
  readonly teams: readonly TeamInterests[];
}

/**
 * A verdict at or above `alertAt`, ready to be rendered. Texts taken from the record are as recorded: renderers
 * neutralise them for where they go.
 */
export interface Finding extends FindingContext {
  readonly verdict: Rated;
  readonly read: ReadRecord;
  readonly policyVersion: string;
  readonly accountId: string | undefined;
  readonly accountName: string | undefined;
  readonly serviceName: string | undefined;
  readonly region: string | undefined;
  readonly eventID: string | undefined;
  readonly eventTime: string | undefined;
  readonly principal: Principal;
  readonly target: Target | undefined;
  /** What happened, first thing first, without account or severity: `access key created for bob by alice`. */
  readonly what: string;
  readonly explanations: readonly Explanation[];
  readonly detections: readonly string[];
  /** Names of the teams it concerns; never empty. */
  readonly team: readonly string[];
  readonly links: {
    readonly event: string | undefined;
    readonly queryByEvent: string | undefined;
    readonly queryByPrincipal: string | undefined;
  };
}

/** Builds the finding of a record that is to be published. Pure and total. */
export function buildFinding(policy: Policy, read: ReadRecord, verdict: Rated, context: FindingContext): Finding {
  const { record } = read;
  const accountId = accountOf(record);
  const account = policy.accounts.get(accountId ?? '');
  const principal = principalOf(record);
  const target = targetOf(record);
  const detections = verdict.reasons.flatMap((reason) => reason.id ?? []);
  const region = textOf(record['awsRegion']);
  const eventID = eventIdOf(record);
  const eventTime = textOf(record['eventTime']);
  const subject = { accountId, eventSource: read.eventSource, detections };
  return {
    ...context,
    verdict,
    read,
    policyVersion: policy.policyVersion,
    accountId,
    accountName: account?.name,
    serviceName: policy.serviceNames.get(read.eventSource ?? ''),
    region,
    eventID,
    eventTime,
    principal,
    target,
    what: whatHappened(read, verdict, principal, target),
    explanations: verdict.reasons.flatMap((reason) => reason.explanation ?? []),
    detections,
    team: teamsFor(subject, account, context.teams),
    // They cost more than all the rest, and what is only held back shows none.
    get links() {
      return linksFor(context.place, region, eventID, eventTime, principal);
    },
  };
}

function whatHappened(read: ReadRecord, verdict: Rated, principal: Principal, target: Target | undefined): string {
  const eventName = withoutApiVersion(read.eventName ?? '') ?? (read.eventName || 'an unnamed call');
  if (read.kind === 'insight') return `unusual rate of ${eventName}`;
  if (read.kind === 'aggregated') return 'aggregated data events';
  const by = ` by ${principal.name}`;
  if (verdict.failed === 'dry-run') return `dry run: ${triedPhrase(eventName, target)}${by}`;
  if (verdict.failed) return `${verdict.failed}: ${triedPhrase(eventName, target)}${by}`;
  const title = verdict.reasons[0].explanation?.title;
  if (title) return `${asClause(title)}${forTarget(target)}${by}`;
  return `${donePhrase(eventName, target)}${by}`;
}

/** A title within a sentence: its first letter small, unless it begins an acronym. */
function asClause(title: string): string {
  return /^[A-Z][A-Z0-9]/.test(title) ? title : `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

function linksFor(
  place: QueryPlace | undefined,
  region: string | undefined,
  eventID: string | undefined,
  eventTime: string | undefined,
  principal: Principal,
): Finding['links'] {
  const time = timeOf(eventTime);
  const { searchBy } = principal;
  return {
    event: region && eventID ? eventLink(region, eventID) : undefined,
    queryByEvent: place && time && eventID ? queryLink(place, 'eventID', eventID, time) : undefined,
    queryByPrincipal: place && time && searchBy ? queryLink(place, searchBy.field, searchBy.value, time) : undefined,
  };
}
