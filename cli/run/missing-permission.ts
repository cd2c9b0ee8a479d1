import { isObject, textOf } from '../../function/core/record.ts';

const DENIED = /AccessDenied|Authorization|NotAuthorized/;

/** Which permission a line of the log says is missing, as a sentence; the same for lines of the same permission. */
export function missingPermission(line: object): string | undefined {
  if (!isObject(line)) return undefined;
  const code = textOf(line['code']);
  const errorCode = textOf(line['errorCode']) ?? '';
  const reason = textOf(line['reason']) ?? '';
  switch (code) {
    case 'denied_object': {
      const bucket = /^s3:\/\/[^/]+/.exec(textOf(line['path']) ?? '')?.[0] ?? 'the bucket';
      return (
        `the credentials in use may not s3:GetObject in ${bucket}, or not kms:Decrypt with the key of its objects; without ` +
        `s3:ListBucket, S3 says the same of objects that are gone (S3 says: ${errorCode})`
      );
    }
    case 'finding_not_delivered':
      return /^KMS/.test(errorCode) || DENIED.test(errorCode)
        ? `the credentials in use may not sns:Publish to the topics, or not kms:GenerateDataKey and kms:Decrypt with their key (SNS says: ${errorCode})`
        : undefined;
    case 'ledger_not_available':
      return DENIED.test(errorCode)
        ? 'the credentials in use may not dynamodb:GetItem, PutItem, UpdateItem, BatchWriteItem and Query in the ledger: repeats are sent again'
        : undefined;
    case 'unforwarded_records':
      return DENIED.test(errorCode) || /^KMS/.test(errorCode)
        ? `the credentials in use may not kinesis:PutRecords to the stream, or not kms:GenerateDataKey with its key (Kinesis says: ${errorCode})`
        : undefined;
    case 'record_left':
      return ofOutput(reason);
    default:
      return undefined;
  }
}

function ofOutput(reason: string): string | undefined {
  if (/^HTTP 40[13]\b/.test(reason)) {
    return (
      `the output lets nobody in as it was asked (${reason.slice(0, 8)}): for a domain the credentials in use need es:ESHttpPost and a role ` +
      'mapping, for a serverless collection aoss:APIAccessAll and a data access policy, else the secret is wrong'
    );
  }
  if (reason.startsWith('no dead letter') && DENIED.test(reason)) {
    return 'the credentials in use may not sqs:SendMessage to the queue of dead letters, or not kms:GenerateDataKey with its key';
  }
  return undefined;
}
