/** A record as a test writes it: any part may be overwritten, `undefined` takes one away. */
export type RecordParts = Readonly<Record<string, unknown>>;

/** The account every record is of, unless a test says otherwise. */
export const ACCOUNT = '111122223333';

export const ALICE = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLEALICE',
  arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
  accountId: ACCOUNT,
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  userName: 'alice',
} as const;

export const DEPLOYER = {
  type: 'AssumedRole',
  principalId: 'AROAEXAMPLEDEPLOY:run-42',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/terraform-apply/run-42`,
  accountId: ACCOUNT,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLEDEPLOY',
      arn: `arn:aws:iam::${ACCOUNT}:role/terraform-apply`,
      accountId: ACCOUNT,
      userName: 'terraform-apply',
    },
    attributes: { creationDate: '2026-11-20T02:00:00Z', mfaAuthenticated: 'false' },
  },
} as const;

/** Alice creating an access key for bob, and succeeding; parsed from JSON, as every record is. */
export function record(parts: RecordParts = {}): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify({
      eventVersion: '1.11',
      userIdentity: ALICE,
      eventTime: '2026-11-20T02:41:00Z',
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateAccessKey',
      awsRegion: 'us-east-1',
      sourceIPAddress: '192.0.2.10',
      userAgent: 'aws-cli/2.30.0',
      requestParameters: { userName: 'bob' },
      responseElements: null,
      requestID: '6f1c6a9a-0000-4000-8000-000000000001',
      eventID: '6f1c6a9a-0000-4000-8000-000000000002',
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: ACCOUNT,
      eventCategory: 'Management',
      ...parts,
    }),
  ) as Record<string, unknown>;
}

/** A console sign-in of Alice's; `ConsoleLogin` is `Success` or `Failure`. */
export function signIn(outcome: 'Success' | 'Failure', parts: RecordParts = {}): Record<string, unknown> {
  return record({
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    eventType: 'AwsConsoleSignIn',
    requestParameters: null,
    responseElements: { ConsoleLogin: outcome },
    additionalEventData: { LoginTo: 'https://console.aws.amazon.com/', MobileVersion: 'No', MFAUsed: 'No' },
    ...(outcome === 'Failure' && { errorMessage: 'Failed authentication' }),
    ...parts,
  });
}

/** An Insights record: no eventSource, eventName or userIdentity of its own. */
export function insight(parts: RecordParts = {}): Record<string, unknown> {
  const { eventVersion, eventTime, awsRegion, recipientAccountId } = record();
  return {
    eventVersion,
    eventTime,
    awsRegion,
    eventID: '6f1c6a9a-0000-4000-8000-000000000003',
    eventType: 'AwsCloudTrailInsight',
    recipientAccountId,
    sharedEventID: '6f1c6a9a-0000-4000-8000-000000000004',
    insightDetails: {
      state: 'Start',
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateAccessKey',
      insightType: 'ApiCallRateInsight',
    },
    eventCategory: 'Insight',
    ...parts,
  };
}

/** An aggregated data event: `eventId`, a time window, no caller. */
export function aggregated(parts: RecordParts = {}): Record<string, unknown> {
  return {
    eventVersion: '1.0',
    accountId: ACCOUNT,
    eventId: '6f1c6a9a-0000-4000-8000-000000000005',
    eventCategory: 'Aggregated',
    eventType: 'AwsAggregatedEvent',
    awsRegion: 'us-east-1',
    timeWindow: { windowStart: '2026-11-20T02:40:00Z', windowEnd: '2026-11-20T02:45:00Z' },
    summary: { primaryDimension: { dimension: 'resourceARN', statistics: [] } },
    ...parts,
  };
}
