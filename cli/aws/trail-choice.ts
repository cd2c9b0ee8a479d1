import { neutralise } from '../../function/core/neutral.ts';
import type { FoundLogGroup, FoundTrail, Survey } from './survey.ts';

/** The trail a first configuration takes, and why, in sentences. */
export interface TrailChoice {
  readonly trail: 'create' | { readonly logGroupName: string; readonly trailArn: string };
  /** The stack's Region: that of the log group, when there is one. */
  readonly region: string;
  readonly words: readonly string[];
  readonly warnings: readonly string[];
}

/** Subscription filters a log group takes. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const MAX_SUBSCRIPTION_FILTERS = 2;

/** An existing trail whose log group can be subscribed to, the widest first; else a trail of the stack's own. */
export function chooseTrail({ caller, trails, organization }: Survey): TrailChoice {
  const words = trails.length === 0 ? [`No trail records in ${caller.region}.`] : trails.map(wordsFor);
  const [best] = trails
    .flatMap((trail) => (trail.logGroup?.account === caller.account ? [{ trail, logGroup: trail.logGroup }] : []))
    .sort((a, b) => scoreOf(b.trail, b.logGroup) - scoreOf(a.trail, a.logGroup));
  if (best === undefined) return ownTrail(caller, trails, organization, words);
  const { trail, logGroup } = best;
  return {
    trail: { logGroupName: logGroup.name, trailArn: trail.arn },
    region: logGroup.region,
    words: [
      ...words,
      `Chosen: the log group ${neutralise(logGroup.name)} that ${neutralise(trail.name)} writes to. A second trail would be billed by the record.`,
      ...(logGroup.region === caller.region ? [] : [`The stack goes to ${logGroup.region}, where that log group is.`]),
    ],
    warnings: warningsOf(trail, logGroup),
  };
}

function ownTrail(
  { region, account }: Survey['caller'],
  trails: Survey['trails'],
  { id, managementAccountId }: Survey['organization'],
  words: readonly string[],
): TrailChoice {
  const billed = trails.length > 0;
  return {
    trail: 'create',
    region,
    words: [
      ...words,
      billed
        ? 'Chosen: "create", because no trail writes to a log group of this account.'
        : 'Chosen: "create". The first copy of management events is free of charge.',
      ...(id !== undefined && managementAccountId === account
        ? [
            `This is the management account: "trailOptions": { "organizationId": "${id}" } records every account of the organization.`,
          ]
        : []),
    ],
    warnings: billed
      ? [
          'The new trail is a further copy of the same events, billed by the record. To avoid it, give the existing trail a log group in this account and run init again.',
        ]
      : [],
  };
}

function scoreOf(trail: FoundTrail, { filters }: FoundLogGroup): number {
  const hasRoom = filters === undefined || filters.length < MAX_SUBSCRIPTION_FILTERS;
  return (
    Number(hasRoom) * 8 +
    Number(trail.isLogging !== false) * 4 +
    Number(trail.isOrganization) * 2 +
    Number(trail.isMultiRegion)
  );
}

function wordsFor({ name, isMultiRegion, isOrganization, logGroup }: FoundTrail): string {
  const kind = `${isMultiRegion ? 'all Regions' : 'one Region only'}${isOrganization ? ', the whole organization' : ''}`;
  const target = logGroup
    ? `writes to the log group ${neutralise(logGroup.name)} (${logGroup.account}, ${logGroup.region}${filterWords(logGroup)})`
    : 'writes to no log group';
  return `Found the trail ${neutralise(name)} (${kind}); it ${target}.`;
}

function filterWords({ filters }: FoundLogGroup): string {
  if (filters === undefined) return '';
  return filters.length === 0
    ? ', no subscription filter'
    : `, subscription filters: ${filters.map((name) => neutralise(name)).join(', ')}`;
}

function warningsOf({ name, isLogging, isMultiRegion }: FoundTrail, { filters }: FoundLogGroup): string[] {
  const trail = neutralise(name);
  return [
    ...(filters === undefined
      ? [
          'The subscription filters could not be counted: logs:DescribeSubscriptionFilters is not allowed. A log group takes two.',
        ]
      : []),
    ...(filters !== undefined && filters.length >= MAX_SUBSCRIPTION_FILTERS
      ? [
          `All ${MAX_SUBSCRIPTION_FILTERS} subscription filters of the log group are taken (${filters.map((filter) => neutralise(filter)).join(', ')}): deploying will fail until one is removed.`,
        ]
      : []),
    ...(isLogging === false ? [`${trail} is not logging: nothing will arrive until StartLogging is called.`] : []),
    ...(isMultiRegion
      ? []
      : [`${trail} records one Region only: it misses most sign-ins and everything done elsewhere.`]),
  ];
}
