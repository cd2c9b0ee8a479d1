import { type Actor, PAYMENTS } from './actors.ts';
import { uuid } from './identifiers.ts';
import { denied, type Step } from './record.ts';
import { stolen } from './scene.ts';

const HOSTILE =
  '<script>alert(1)</script> \u001b[31mred\u001b[0m [reset your password](https://login.example.com) @here <!channel> <https://login.example.com|console>';

/** A log event that is no record: its text was cut off. */
export const unreadableMessage = '{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","princ';

/** A denied call whose user name and agent are written to be shown to somebody. */
function hostile(): Step {
  const by = { ...stolen, userAgent: HOSTILE };
  const request = { userName: HOSTILE };
  return {
    at: '02:44:17',
    by,
    call: 'iam/CreateAccessKey',
    request,
    error: denied(by, 'iam:CreateAccessKey', `user ${HOSTILE}`),
  };
}

/** An event of a service itself: no type, no address. @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/non-api-aws-service-events.html */
function keyRotated(): Step {
  const by: Actor = {
    account: PAYMENTS,
    identity: () => ({ accountId: PAYMENTS, invokedBy: 'AWS Internal' }),
    sourceIPAddress: 'AWS Internal',
    userAgent: 'AWS Internal',
  };
  const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
  const more = { eventType: 'AwsServiceEvent', serviceEventDetails: { keyId } };
  return { at: '05:31:08', by, call: 'kms/RotateKey', more };
}

/** An Insights record names what it is about only inside its details. @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-trails.html */
function insight(at: string, state: 'Start' | 'End'): Step {
  const absent = Object.fromEntries(
    [
      'userIdentity',
      'eventSource',
      'eventName',
      'sourceIPAddress',
      'userAgent',
      'requestParameters',
      'responseElements',
    ]
      .concat('requestID', 'readOnly', 'managementEvent')
      .map((field) => [field, undefined]),
  );
  const insightDetails = {
    state,
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: 'GetSecretValue',
    insightType: 'ApiCallRateInsight',
    insightContext: {
      statistics: {
        baseline: { average: 0.02 },
        insight: { average: 12 },
        insightDuration: 1,
        baselineDuration: 10080,
      },
    },
  };
  const by: Actor = { account: PAYMENTS, identity: () => ({}), sourceIPAddress: '', userAgent: '' };
  const more = {
    ...absent,
    eventType: 'AwsCloudTrailInsight',
    eventCategory: 'Insight',
    sharedEventID: uuid(1),
    insightDetails,
  };
  return { at, by, call: 'secretsmanager/GetSecretValue', more };
}

/** Records unlike the others, which a trail holds all the same. */
export function oddities(): Step[] {
  return [hostile(), keyRotated(), insight('03:05:00', 'Start'), insight('03:06:00', 'End')];
}
