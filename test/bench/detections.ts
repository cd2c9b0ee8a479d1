import type { Detection } from '../../function/core/severities/model.ts';

const CALLS = [
  ['iam.amazonaws.com', 'CreateAccessKey'],
  ['iam.amazonaws.com', 'AttachUserPolicy'],
  ['ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress'],
  ['kms.amazonaws.com', 'Decrypt'],
  ['kms.amazonaws.com', 'GenerateDataKey'],
  ['s3.amazonaws.com', 'PutBucketPolicy'],
  ['sts.amazonaws.com', 'AssumeRole'],
  ['signin.amazonaws.com', 'ConsoleLogin'],
] as const;

/**
 * Made-up detections in the proportions a real folder has: of twenty, sixteen name service and events in the selector,
 * three in the condition, and one is asked of every record. None matches a record of the mixes.
 */
export function benchDetections(count: number): Detection[] {
  return Array.from({ length: count }, (_, index) => {
    const [eventSource = '', eventName = ''] = CALLS[index % CALLS.length] ?? [];
    const common = { id: `bench-${index}`, title: 'Bench', severity: 'low' as const, reason: 'Never matches.' };
    const when = `{ $.userAgent = "bench/${index}" && $.errorCode NOT EXISTS }`;
    if (index % 20 === 0)
      return { ...common, when: `{ $.userIdentity.type = "Root" && $.userAgent = "bench/${index}" }` };
    if (index % 20 <= 3)
      return { ...common, when: `{ $.eventName = "${eventName}" && $.userAgent = "bench/${index}" }` };
    return { ...common, eventSource, eventNames: [eventName], when };
  });
}
