import { hash } from 'node:crypto';
import type { Key } from './table.ts';

/** The `sk` of rows that are alone under their `pk`. */
export const ALONE = '-';

/**
 * How long a sent finding is remembered: CloudTrail tries a delivery again for 30 days.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export const REMEMBERED_SECONDS = 35 * 24 * 60 * 60;

/** DynamoDB takes 2,048 bytes of `pk`; CloudTrail's own ids have 36 characters. */
const MAX_PLAIN_KEY = 128;

/** SHA-256 in hexadecimal: what a text of any length and content is called in a key. */
export function digestOf(text: string): string {
  // In one call: thousands of hash objects would hold memory that the collector does not count.
  return hash('sha256', text);
}

/** The row that tells what became of a finding on a topic. */
export function deliveryKey(topic: string, dedupKey: string): Key {
  const name = /^[\x20-\x7e]+$/.test(dedupKey) && dedupKey.length <= MAX_PLAIN_KEY ? dedupKey : digestOf(dedupKey);
  return { pk: `sent#${topic}#${name}`, sk: ALONE };
}
