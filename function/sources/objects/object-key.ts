import { timeOf } from '../../core/record.ts';

/** Names one object of a bucket. */
export interface ObjectRef {
  readonly bucket: string;
  /** As S3 stores it: nothing in it is encoded. */
  readonly key: string;
  /** The version that was written; without it, whichever is there when it is read. */
  readonly versionId?: string | undefined;
  /** True for one that its notice tells of as of the past, long after it was written. @default false */
  readonly isHistory?: boolean;
}

/** What CloudTrail writes into a bucket, by the folder; `other` is not CloudTrail's, or a folder marker. */
export type ObjectKind = 'CloudTrail' | 'Digest' | 'Insight' | 'NetworkActivity' | 'Aggregated' | 'other';

/** What a key tells of its object before it is read; what it does not say is undefined. */
export interface KeyFacts {
  readonly kind: ObjectKind;
  /** Text before `AWSLogs/`, with its slash; empty where there is none. */
  readonly prefix: string | undefined;
  readonly organizationId: string | undefined;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  /** When the file was delivered; its records can be older. */
  readonly deliveredAt: Date | undefined;
}

/** The folder behind the account, which alone counts where there is one: a prefix can be named like it. */
const LAID_OUT = /(?:^|\/)AWSLogs\/(?:o-[a-z0-9]{10,32}\/)?\d{12}\/([^/]+)(?=\/)/g;
const FOLDER = /(?:^|\/)(CloudTrail(?:-(?:Digest|Insight|NetworkActivity|Aggregated))?)(?=\/)/g;
const KINDS: ReadonlyMap<string, ObjectKind> = new Map([
  ['CloudTrail', 'CloudTrail'],
  ['CloudTrail-Digest', 'Digest'],
  ['CloudTrail-Insight', 'Insight'],
  ['CloudTrail-NetworkActivity', 'NetworkActivity'],
  ['CloudTrail-Aggregated', 'Aggregated'],
]);
const LAYOUT =
  /^(?<prefix>(?:.*\/)?)AWSLogs\/(?:(?<organizationId>o-[a-z0-9]{10,32})\/)?(?<accountId>\d{12})\/CloudTrail[A-Za-z-]*\/(?<region>[a-z0-9-]+)\//;
const FILE_TIME = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?Z(?:_[^/]*)?(?:\.[^/]*)?$/;

/**
 * The kind of an object. A notification on `AWSLogs/` tells of all of them; only those under `CloudTrail/` hold records of
 * calls, each once.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function kindOfKey(key: string): ObjectKind {
  if (key.endsWith('/')) return 'other';
  const [, folder = ''] = [...key.matchAll(LAID_OUT)].at(-1) ?? [...key.matchAll(FOLDER)].at(-1) ?? [];
  return KINDS.get(folder) ?? 'other';
}

/** Everything a key tells; a key CloudTrail did not write has a kind and nothing else. */
export function factsOfKey(key: string): KeyFacts {
  const layout = LAYOUT.exec(key)?.groups;
  const [, year, month, day, hours, minutes, seconds = '00'] = FILE_TIME.exec(key) ?? [];
  return {
    kind: kindOfKey(key),
    prefix: layout?.['prefix'],
    organizationId: layout?.['organizationId'],
    accountId: layout?.['accountId'],
    region: layout?.['region'],
    deliveredAt: timeOf(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`),
  };
}

/**
 * The key that an S3 notification spells as in a form: `+` is a space, `%XX` a byte of UTF-8. Undefined where it is no
 * such spelling. Those of EventBridge and of CloudTrail's own notices are not encoded.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function decodeKey(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
