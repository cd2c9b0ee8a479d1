import type { Config } from './config.ts';

/** Every physical name of a stack, fixed by its `name`: but for the filter's, none changes with an option, so no option replaces anything. */
export interface Names {
  readonly prefix: string;
  readonly trail: string;
  readonly logGroup: string;
  readonly deliveryRole: string;
  readonly function: string;
  readonly functionRole: string;
  readonly functionAlias: 'live';
  readonly digestFunction: string;
  readonly digestRole: string;
  readonly digestRule: string;
  readonly ledger: string;
  readonly undeliveredQueue: string;
  /** One for each way of delivery: another destination is another filter to AWS, and both must exist for a moment. */
  readonly subscriptionFilter: string;
  readonly subscriptionRole: string;
  readonly stream: string;
  readonly topics: {
    readonly alerts: string;
    readonly findings: string;
    readonly chat: string;
    readonly operations: string;
  };
  /** Bucket names are global, so account and Region follow as Terraform tokens. */
  readonly trailBucket: string;
  readonly failureBucket: string;
}

/** The names of a stack. `place` gives account and Region as tokens. */
export function namesOf(
  { name, trail, delivery }: Config,
  place: { readonly account: string; readonly region: string },
): Names {
  return {
    prefix: name,
    trail: name,
    logGroup: trail === 'create' ? `/${name}/cloudtrail` : trail.logGroupName,
    deliveryRole: `${name}-trail-to-logs`,
    function: `${name}-alert`,
    functionRole: `${name}-alert`,
    functionAlias: 'live',
    digestFunction: `${name}-digest`,
    digestRole: `${name}-digest`,
    digestRule: `${name}-digest`,
    ledger: `${name}-ledger`,
    undeliveredQueue: `${name}-undelivered`,
    // No stack's name holds a dot, so none is this one's on a log group they share.
    subscriptionFilter: delivery === 'kinesis' ? `${name}.stream` : name,
    subscriptionRole: `${name}-logs-to-stream`,
    stream: `${name}-records`,
    topics: {
      alerts: `${name}-alerts`,
      findings: `${name}-findings`,
      chat: `${name}-chat`,
      operations: `${name}-operations`,
    },
    trailBucket: `${name}-trail-${place.account}-${place.region}`,
    failureBucket: `${name}-failed-${place.account}-${place.region}`,
  };
}
