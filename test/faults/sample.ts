import { eventOf, noise, record } from '../support/payloads.ts';

/** Calls that the shipped severities publish at once, by service. None of them counts towards a detection. */
const FINDINGS = [
  ['access-analyzer.amazonaws.com', 'DeleteAnalyzer'],
  ['acm-pca.amazonaws.com', 'DeleteCertificateAuthority'],
  ['airflow.amazonaws.com', 'DeleteEnvironment'],
  ['amazonmq.amazonaws.com', 'DeleteBroker'],
  ['apigateway.amazonaws.com', 'DeleteRestApi'],
  ['appsync.amazonaws.com', 'DeleteGraphqlApi'],
  ['autoscaling.amazonaws.com', 'DeleteAutoScalingGroup'],
  ['bedrock.amazonaws.com', 'DeleteGuardrail'],
  ['cloudtrail.amazonaws.com', 'DeleteTrail'],
  ['cloudtrail.amazonaws.com', 'DeleteEventDataStore'],
];

/** Calls that are only logged, or less. */
const OTHERS = ['RunInstances', 'DescribeInstances'];

/** Records and the event they come in. */
export interface Sample {
  readonly event: { readonly awslogs: { readonly data: string } };
  readonly records: number;
  /** eventIDs of those that are findings. */
  readonly findings: readonly string[];
}

/**
 * Records of which one in three is a finding, each by a principal and on a target of its own, few under one storm key:
 * nothing is held back, so that everything must arrive.
 * @param bytes of noise that the records of findings carry
 */
export function sampleOf(seed: string, findings: number, bytes = 0): Sample {
  const ids: string[] = [];
  const records = Array.from({ length: findings * 3 }, (_, index) => {
    const eventID = uuid(`${seed}/${index}`);
    const user = `user-${noise(seed, 6)}-${index}`;
    const common = {
      eventID,
      userIdentity: {
        type: 'IAMUser',
        arn: `arn:aws:iam::123456789012:user/${user}`,
        accountId: '123456789012',
        userName: user,
      },
      requestParameters: {
        name: `thing-${index}`,
        ...(bytes > 0 && index % 3 === 0 && { blob: noise(eventID, bytes) }),
      },
    };
    if (index % 3 !== 0) return record(OTHERS[index % 2] ?? '', common);
    ids.push(eventID);
    const [eventSource, eventName = ''] = FINDINGS[ids.length % FINDINGS.length] ?? [];
    return record(eventName, { ...common, eventSource });
  });
  return { event: eventOf(records), records: records.length, findings: ids };
}

/** A UUID, the same for the same seed. */
export function uuid(seed: string): string {
  return noise(seed, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
