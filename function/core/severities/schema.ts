import * as z from 'zod';
import { SEVERITIES } from '../severity.ts';

const severity = z.enum(SEVERITIES);
const text = z.string().trim().min(1);
const schemaReference = z.string().optional();
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and hyphens, at most 64');
const eventSource = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*\.amazonaws\.com$/, 'a label followed by .amazonaws.com');
const accountId = z.string().regex(/^\d{12}$/, 'twelve digits');
const eventNamePattern = z.string().regex(/^[A-Za-z0-9_:*.-]{1,128}$/, 'an event name, * allowed');
const techniques = z.array(z.string().regex(/^T\d{4}(\.\d{3})?$/, 'an ATT&CK technique such as T1078.004'));
const runbook = z.url({ protocol: /^https$/ });
const day = z.iso.date();

/** A condition, or a list of them, ANDed; each is one CloudWatch Logs JSON filter pattern. */
const when = z.union([text, z.array(text).min(1)]);

const selectorParts = {
  eventSource: eventSource.optional(),
  eventNames: z.array(eventNamePattern).min(1).optional(),
  accounts: z.array(accountId).min(1).optional(),
  regions: z
    .array(z.string().regex(/^[a-z0-9-]{1,32}$/, 'a Region such as eu-central-1'))
    .min(1)
    .optional(),
  principals: z.array(text.max(2048)).min(1).optional(),
  when: when.optional(),
};

/** The names of a selector's parts; at least one of them must be there. */
export const SELECTOR_PARTS = Object.keys(selectorParts) as (keyof typeof selectorParts)[];

const hasPart = (value: object) => SELECTOR_PARTS.some((part) => part in value);
const HAS_PART = `at least one of ${SELECTOR_PARTS.join(', ')}`;

const entryParts = {
  id,
  reason: text,
  owner: text.optional(),
  expires: day.optional(),
  hides: z.array(text).optional(),
};

const whitelistEntry = z.strictObject({ ...entryParts, ...selectorParts }).refine(hasPart, HAS_PART);
const adjustEntry = z
  .strictObject({ ...entryParts, ...selectorParts, severity, raise: z.boolean().optional() })
  .refine(hasPart, HAS_PART);
const unlessEntry = z
  .strictObject({ id, reason: text, owner: text.optional(), expires: day.optional(), ...selectorParts })
  .refine(hasPart, HAS_PART);
const cap = z.union([severity, z.literal('same')]);

const deletionsPart = {
  pattern: z.string().min(1).max(512),
  severity,
  unless: z.array(unlessEntry).default([]),
};
const failedPart = { denied: cap, other: cap };
const unlistedPart = { service: severity, event: severity, readOnlyEvent: severity, insight: severity };
const lists = z.record(z.string(), z.array(text));

/** `policy.json` as shipped: every scalar is there. */
export const policySchema = z.strictObject({
  $schema: schemaReference,
  alertAt: severity,
  logAt: severity,
  whitelist: z.array(whitelistEntry).default([]),
  adjust: z.array(adjustEntry).default([]),
  deletions: z.strictObject(deletionsPart),
  failed: z.strictObject(failedPart),
  unlisted: z.strictObject(unlistedPart),
  lists: lists.default({}),
});

/** `local/policy.json`: any part of a policy; lists append, scalars replace. */
export const localPolicySchema = z.strictObject({
  $schema: schemaReference,
  alertAt: severity.optional(),
  logAt: severity.optional(),
  whitelist: z.array(whitelistEntry).optional(),
  adjust: z.array(adjustEntry).optional(),
  deletions: z
    .strictObject({
      pattern: deletionsPart.pattern.optional(),
      severity: severity.optional(),
      unless: z.array(unlessEntry).optional(),
    })
    .optional(),
  failed: z.strictObject(failedPart).partial().optional(),
  unlisted: z.strictObject(unlistedPart).partial().optional(),
  lists: lists.optional(),
});

const detailedRow = z.strictObject({
  severity,
  reason: text,
  runbook: runbook.optional(),
  techniques: techniques.optional(),
  overridesDeletion: z.literal(true).optional(),
});

/** A row: a severity, or an object with a reason. High and critical rows must be objects. */
const row = z.union([z.enum(['informational', 'low', 'medium']), detailedRow], {
  error: (issue) =>
    issue.input === 'high' || issue.input === 'critical'
      ? 'an object with "severity" and "reason": a row at high or critical says why'
      : 'one of informational, low, medium, or an object with "severity" and "reason"',
});

/** `services/<label>.json`. */
export const serviceSchema = z.strictObject({
  $schema: schemaReference,
  eventSource,
  service: text,
  events: z.record(z.string().regex(/^[\x21-\x29\x2b-\x7e]{1,128}$/, 'an event name, exact: no * and no space'), row),
});

const example = z.record(z.string(), z.unknown());

const WHERE_OPERATORS = ['equals-field', 'anything-but-field', 'in-list', 'anything-but-list', 'cidr'] as const;

/** What a filter pattern cannot say: a field compared with another, with a list, or with a network. */
const whereClause = z
  .strictObject({
    field: text,
    'equals-field': text.optional(),
    'anything-but-field': text.optional(),
    'in-list': text.optional(),
    'anything-but-list': text.optional(),
    cidr: text.optional(),
  })
  .refine(
    (clause) => WHERE_OPERATORS.filter((operator) => clause[operator] !== undefined).length === 1,
    `exactly one of ${WHERE_OPERATORS.join(', ')}`,
  );

/** Matches at the Nth record, by eventTime, of those with the same values of `by`: `principal`, or a field's path. */
const count = z.strictObject({
  atLeast: z.int().min(2).max(10_000),
  withinMinutes: z.int().min(1).max(1_440),
  by: z
    .array(z.string().regex(/^[A-Za-z]\w{0,63}(?:\.\w{1,64}){0,8}$/, 'principal, or the path of a field'))
    .min(1)
    .max(4),
});

const detectionParts = {
  id,
  title: text.max(100),
  severity,
  ...selectorParts,
  where: z.array(whereClause).min(1).optional(),
  count: count.optional(),
  reason: text,
  falsePositives: text.optional(),
  nextSteps: z.array(text).optional(),
  techniques: techniques.optional(),
  runbook: runbook.optional(),
  stage: z.enum(['live', 'trial']).optional(),
  guardrail: z.boolean().optional(),
  requires: z.array(text).optional(),
};

/** `detections/<id>.json`. */
export const detectionSchema = z
  .strictObject({
    $schema: schemaReference,
    ...detectionParts,
    examples: z.strictObject({ match: z.array(example).min(1), noMatch: z.array(example).min(1) }),
  })
  .refine(hasPart, HAS_PART);

/** `local/detections/<id>.json` that changes single properties of a shipped detection. */
export const detectionOverrideSchema = z
  .strictObject({
    $schema: schemaReference,
    id,
    override: z.literal(true),
    severity: severity.optional(),
    stage: z.enum(['live', 'trial']).optional(),
    reason: text,
  })
  .refine((value) => value.severity !== undefined || value.stage !== undefined, 'at least one of severity, stage');

/** `accounts.json`: what people call each account. */
export const accountsSchema = z.record(
  accountId,
  z.strictObject({ name: text, team: text.optional(), environment: text.optional() }),
);
