import { ODD, UNREADABLE } from '../fixtures/messages.ts';
import { linesOf, RECORDS_AT_HAND } from '../noise/corpora.ts';
import { shippedSeverities } from '../noise/shipped.ts';
import { aggregated, insight, record, signIn } from '../support/records.ts';

type Parts = Readonly<Record<string, unknown>>;

const { detections, policy } = await shippedSeverities();

const SHOWN = detections.flatMap(({ examples }) => [...examples.match, ...examples.noMatch]);

/** Records to begin with: what every shipped detection shows, the odd kinds, and real ones where they are at hand. */
export const RECORDS: readonly Parts[] = [
  record(),
  signIn('Success'),
  signIn('Failure'),
  insight(),
  aggregated(),
  ...SHOWN.map((parts) => record(parts as Parts)),
  ...(RECORDS_AT_HAND ? linesOf([[1, 4053]]).map((line) => line.record) : []),
];

/** Those of them that damage to their packing is tried on. */
export const SMALL: readonly string[] = RECORDS.map((one) => JSON.stringify(one)).filter((text) => text.length < 1_500);

/** Messages to begin with: the records' own text, and what is no record. */
export const MESSAGES: readonly string[] = [
  ...RECORDS.map((one) => JSON.stringify(one)),
  ...[...UNREADABLE, ...ODD].map(([, message]) => String(message)).filter((message) => message.length < 30_000),
];

/** Conditions to begin with: those that are shipped. */
export const PATTERNS: readonly string[] = [
  ...detections.flatMap(({ when }) => [when ?? []].flat()),
  ...[...policy.whitelist, ...policy.deletions.unless].flatMap(({ when }) => [when ?? []].flat()),
  '{ $.a[0].*.["b"] = 4* || $.c[*] != "x*y" && ($.d < -1.5e3 || $.e IS NULL) }',
  "{ $.['a.b'] NOT EXISTS && $.f IS TRUE && $.g = %^(a|b{2,3})+[^c-e]?\\x22$% }",
];
