/** The statement a bucket's or a queue's policy begins with: nobody gets in without TLS. */
export function denyWithoutTls(service: 's3' | 'sqs', resource: string | readonly string[]): object {
  return {
    Sid: 'DenyWithoutTls',
    Effect: 'Deny',
    Principal: '*',
    Action: `${service}:*`,
    Resource: resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
