import type { Actor } from './actors.ts';
import { mix, uuid } from './identifiers.ts';

/** A CloudTrail record of the story, every field as a trail writes it. */
export interface StoryRecord {
  readonly eventID: string;
  readonly eventTime: string;
  readonly [field: string]: unknown;
}

/** One line of the script: who calls what, when, and what comes of it. */
export interface Step {
  /** `HH:MM:SS`, UTC. */
  readonly at: string;
  readonly by: Actor;
  /** `label/EventName`; the label is what stands before `.amazonaws.com`. */
  readonly call: string;
  /** Default: us-east-1 for the global services, else eu-central-1. */
  readonly region?: string;
  readonly request?: object;
  readonly response?: object;
  /** Error code and message. */
  readonly error?: readonly [string, string];
  /** Fields set as they are, last; undefined takes one away. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The Region the company works in. */
export const HOME = 'eu-central-1';
const GLOBAL = 'us-east-1';
const GLOBAL_SERVICES: ReadonlySet<string> = new Set(['iam', 'organizations', 'cloudfront']);
const READ_ONLY = /^(Get|List|Describe|Lookup|Decrypt|GenerateDataKey|AssumeRole)/;
const REQUEST = 0x52455155;

/**
 * The record of one step. `index` makes its ids, so it must differ between the steps of a day; `day` is `YYYY-MM-DD`.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function record(step: Step, day: string, index: number): StoryRecord {
  const [label = '', eventName = ''] = step.call.split('/');
  const region = step.region ?? (GLOBAL_SERVICES.has(label) ? GLOBAL : HOME);
  const { account, identity, sourceIPAddress, userAgent } = step.by;
  const fromOutside = /^\d/.test(sourceIPAddress);
  const seed = mix(Date.parse(day) / 86_400_000, index);
  const made = {
    eventVersion: '1.11',
    userIdentity: identity(day),
    eventTime: `${day}T${step.at}Z`,
    eventSource: `${label}.amazonaws.com`,
    eventName,
    awsRegion: region,
    sourceIPAddress,
    userAgent,
    ...(step.error === undefined ? {} : { errorCode: step.error[0], errorMessage: step.error[1] }),
    requestParameters: step.request ?? null,
    responseElements: step.response ?? null,
    requestID: uuid(mix(seed, REQUEST)),
    eventID: uuid(seed),
    readOnly: READ_ONLY.test(eventName),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    ...(fromOutside
      ? { tlsDetails: tls(label === 'iam' ? 'iam.amazonaws.com' : `${label}.${region}.amazonaws.com`) }
      : {}),
    ...step.more,
  };
  return Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as typeof made;
}

/** What AWS answers, in the words of the caller's policies, to a call that none of them allows. */
export function denied(by: Actor, action: string, resource = '*'): readonly [string, string] {
  const arn = String(by.identity('').arn);
  const because = `because no identity-based policy allows the ${action} action`;
  return ['AccessDenied', `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${because}`];
}

/** `HH:MM:SS` of a second of the day. */
export const clock = (second: number) => new Date(second * 1000).toISOString().slice(11, 19);

const tls = (host: string) => ({
  tlsVersion: 'TLSv1.3',
  cipherSuite: 'TLS_AES_128_GCM_SHA256',
  clientProvidedHostHeader: host,
});

/** The fields of a sign-in to the console. @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html */
export function signIn(outcome: 'Success' | 'Failure', mfaUsed: 'Yes' | 'No'): Pick<Step, 'response' | 'more'> {
  return {
    response: { ConsoleLogin: outcome },
    more: {
      eventType: 'AwsConsoleSignIn',
      requestID: undefined,
      additionalEventData: {
        LoginTo: 'https://console.aws.amazon.com/console/home',
        MobileVersion: 'No',
        MFAUsed: mfaUsed,
      },
      ...(outcome === 'Failure' ? { errorMessage: 'Failed authentication' } : {}),
      tlsDetails: tls('signin.aws.amazon.com'),
    },
  };
}
