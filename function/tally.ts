import { textOf } from './core/record.ts';
import { SEVERITIES, type Severity } from './core/severity.ts';
import type { Action } from './core/verdict.ts';
import type { Classified, TopicTally } from './sinks/sink.ts';

/**
 * What one invocation did with what it received. The balance holds at every moment:
 * `received = whitelisted + quiet + logged + published + rejected`.
 */
export interface Tally {
  received: number;
  readonly actions: Record<Action, number>;
  readonly severities: Record<Severity, number>;
  deliveriesFailed: number;
  controlMessages: number;
  unknownMessages: number;
  objectsRead: number;
  /** Objects that are gone. */
  objectsMissing: number;
  /** Objects that hold no records of calls, or are of the past. */
  objectsSkipped: number;
  noticesFailed: number;
  /** `eventTime` of the oldest record whose time is one, as recorded; ISO 8601 in UTC sorts as text. */
  oldest: string | undefined;
}

/** A tally of nothing yet. */
export function newTally(): Tally {
  return {
    received: 0,
    actions: { ignore: 0, quiet: 0, log: 0, publish: 0, reject: 0 },
    severities: { informational: 0, low: 0, medium: 0, high: 0, critical: 0 },
    deliveriesFailed: 0,
    controlMessages: 0,
    unknownMessages: 0,
    objectsRead: 0,
    objectsMissing: 0,
    objectsSkipped: 0,
    noticesFailed: 0,
    oldest: undefined,
  };
}

/** What CloudTrail writes; anything else, sorted as text, could hide its neighbours' age. */
const ISO_TIME = /^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** Counts one record, once. */
export function count(tally: Tally, { source, verdict }: Classified): void {
  tally.received++;
  tally.actions[verdict.action]++;
  if (verdict.severity !== null) tally.severities[verdict.severity]++;
  if ('unreadable' in source.read) return;
  const eventTime = textOf(source.read.record['eventTime']);
  if (eventTime === undefined || (tally.oldest !== undefined && eventTime >= tally.oldest)) return;
  if (ISO_TIME.test(eventTime) && !Number.isNaN(Date.parse(eventTime))) tally.oldest = eventTime;
}

/**
 * Every figure of an invocation under its metric's name; `<topic>/<fate>` for what became of findings, those of objects
 * where any were named.
 * @param ledgerFailures calls to the ledger that got no answer. @default 0
 */
export function figuresOf(tally: Tally, topics: readonly TopicTally[], ledgerFailures = 0): Record<string, number> {
  const { actions } = tally;
  const figures: Record<string, number> = {
    received: tally.received,
    whitelisted: actions.ignore,
    quiet: actions.quiet,
    logged: actions.log,
    published: actions.publish,
    rejected: actions.reject,
    deliveriesFailed: tally.deliveriesFailed,
    controlMessages: tally.controlMessages,
    unknownMessages: tally.unknownMessages,
    noticesFailed: tally.noticesFailed,
  };
  const { objectsRead, objectsMissing, objectsSkipped } = tally;
  // A function that reads no objects pays for no metrics of theirs.
  if (objectsRead + objectsMissing + objectsSkipped > 0) {
    Object.assign(figures, { objectsRead, objectsMissing, objectsSkipped });
  }
  for (const severity of SEVERITIES) figures[severity] = tally.severities[severity];
  for (const { topic, findings, delivered, repeated, heldBack, undelivered } of topics) {
    const fates = { findings, delivered, repeated, heldBack, undelivered };
    for (const [fate, number] of Object.entries(fates)) figures[`${topic}/${fate}`] = number;
  }
  const total = (fate: 'undelivered' | 'handedOver' | 'possiblyRepeated') =>
    topics.reduce((sum, topic) => sum + topic[fate], 0);
  figures['undelivered'] = total('undelivered');
  figures['handedOver'] = total('handedOver');
  figures['possiblyRepeated'] = total('possiblyRepeated');
  figures['ledgerFailures'] = ledgerFailures;
  return figures;
}
