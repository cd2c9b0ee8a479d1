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
  /** What tells of files, and the queues that hear of them. */
  readonly objects: {
    readonly topic: string;
    readonly rule: string;
    readonly queues: {
      readonly alerts: string;
      readonly alertsFailed: string;
      readonly forwarderFailed: string;
      readonly index: string;
      readonly indexFailed: string;
      readonly worker: string;
      readonly workerFailed: string;
    };
  };
  readonly forwarder: { readonly function: string; readonly role: string; readonly stream: string };
  readonly indexer: { readonly function: string; readonly role: string; readonly refusedQueue: string };
  /** Of records that other accounts' log groups send. */
  readonly destination: { readonly name: string; readonly stream: string; readonly role: string };
}

/** The names of a stack. `place` gives account and Region as tokens. */
export function namesOf(
  { name, trail, delivery, objects, forwarder }: Config,
  place: { readonly account: string; readonly region: string },
): Names {
  return {
    prefix: name,
    trail: name,
    logGroup: typeof trail === 'string' ? `/${name}/cloudtrail` : trail.logGroupName,
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
    objects: {
      topic: objects.topicName ?? `${name}-objects`,
      rule: `${name}-objects`,
      queues: {
        alerts: `${name}-alert-objects`,
        alertsFailed: `${name}-alert-objects-failed`,
        forwarderFailed: `${name}-forward-failed`,
        index: `${name}-index`,
        indexFailed: `${name}-index-failed`,
        worker: `${name}-worker`,
        workerFailed: `${name}-worker-failed`,
      },
    },
    forwarder: {
      function: `${name}-forward`,
      role: `${name}-forward`,
      stream: forwarder?.streamName ?? `${name}-forwarded`,
    },
    indexer: { function: `${name}-index`, role: `${name}-index`, refusedQueue: `${name}-index-refused` },
    destination: { name: `${name}-senders`, stream: `${name}-senders`, role: `${name}-senders` },
  };
}
