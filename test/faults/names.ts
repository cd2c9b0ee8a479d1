import { ACCOUNT, REGION } from './account.ts';

/** What the parts of a stack are called. */
export interface StackNames {
  readonly name: string;
  readonly functionArn: string;
  readonly table: string;
  readonly bucket: string;
  /** Path of the queue's URL, after any server's address. */
  readonly queuePath: string;
  topicArn(topic: string): string;
}

/** Names of a stack called `name`, which is in lower case. */
export function namesOf(name: string): StackNames {
  return {
    name,
    functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}:live`,
    table: `${name}-ledger`,
    bucket: `${name}-failures`,
    queuePath: `/${ACCOUNT}/${name}-undelivered`,
    topicArn: (topic) => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}-${topic}`,
  };
}

/** What Terraform would print of the stack. */
export function outputsOf(names: StackNames, sqsEndpoint: string): Record<string, { readonly value: string }> {
  const outputs = {
    alerts_topic_arn: names.topicArn('alerts'),
    findings_topic_arn: names.topicArn('findings'),
    operations_topic_arn: names.topicArn('operations'),
    log_group_name: '/trailbell/cloudtrail',
    function_log_group_name: '/aws/lambda/trailbell-alert',
    function_name: names.name,
    undelivered_queue_url: sqsEndpoint + names.queuePath,
    ledger_table_name: names.table,
    failure_bucket: names.bucket,
    failure_prefix: '',
  };
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value }]));
}

/** What Lambda stores of an event it gave up. */
export function failureOf({ functionArn }: StackNames, requestId: string, event: unknown, tries: number): object {
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: { requestId, functionArn, condition: 'RetriesExhausted', approximateInvokeCount: tries },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: '7', functionError: 'Unhandled' },
  };
}
