import type { Service } from './fault-calls.ts';

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Statuses of codes that are not answered with 400. */
const STATUS: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AccessDeniedException: 403,
  AuthorizationError: 403,
  InternalError: 500,
  InternalFailure: 500,
  InternalServerError: 500,
  NotFound: 404,
  RequestThrottled: 403,
  ServiceUnavailable: 503,
  Throttled: 429,
};

/** SQS names some errors otherwise in its older protocol, of which the SDK takes the name. */
const QUERY_CODE: Readonly<Record<string, string>> = {
  KmsAccessDenied: 'KMS.AccessDeniedException',
  KmsDisabled: 'KMS.DisabledException',
  KmsThrottled: 'KMS.ThrottlingException',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
};

/** Errors that come from in front of DynamoDB have another namespace; DynamoDB answers all but its own with 400. */
const DYNAMODB_NAMESPACE: Readonly<Record<string, string>> = {
  AccessDeniedException: 'com.amazon.coral.service',
  ThrottlingException: 'com.amazon.coral.availability',
};

/**
 * An error as the service itself words it.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function errorAnswer(service: Service, code: string): Answer {
  const status = STATUS[code] ?? 400;
  const fault = status >= 500 ? 'Receiver' : 'Sender';
  if (service === 'sns') {
    const error = `<Error><Type>${fault}</Type><Code>${code}</Code><Message>refused</Message></Error>`;
    const body = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${error}<RequestId>1</RequestId></ErrorResponse>`;
    return { status, headers: { 'content-type': 'text/xml' }, body };
  }
  const json = { 'content-type': 'application/x-amz-json-1.0' };
  if (service === 'sqs') {
    const body = JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message: 'refused' });
    return { status, headers: { ...json, 'x-amzn-query-error': `${QUERY_CODE[code] ?? code};${fault}` }, body };
  }
  const namespace = DYNAMODB_NAMESPACE[code] ?? 'com.amazonaws.dynamodb.v20120810';
  const body = JSON.stringify({ __type: `${namespace}#${code}`, message: 'refused' });
  return { status: status >= 500 ? status : 400, headers: json, body };
}
