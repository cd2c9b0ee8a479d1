import type { Finding } from '../finding.ts';
import { withoutHostile } from '../neutral.ts';

/** One SNS message attribute. A `String.Array` value is a JSON array of strings. */
export interface MessageAttribute {
  readonly DataType: 'String' | 'String.Array';
  readonly StringValue: string;
}

/** Longer values serve no filter policy. SNS counts attributes into the 256 KB of a message. */
const MAX_ATTRIBUTE_LENGTH = 256;

/**
 * The attributes every topic's messages carry, so that filter policies can route: `severity`, `code`, `eventSource`,
 * `eventName`, `accountId`, `region`, and as arrays `team` and `detection`. Absent and empty values are left out;
 * `team` is always there. Values are free of surrogate pairs and of what XML cannot hold, which SNS refuses, and of
 * what nobody sees.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
export function messageAttributes(finding: Finding): Record<string, MessageAttribute> {
  const { verdict, read, accountId, region, team, detections } = finding;
  const attributes: Record<string, MessageAttribute> = {};
  const texts = {
    severity: verdict.severity,
    code: verdict.code,
    eventSource: read.eventSource,
    eventName: read.eventName,
    accountId,
    region,
  };
  for (const [name, value] of Object.entries(texts)) {
    const safe = attributeText(value ?? '');
    if (safe !== '') attributes[name] = { DataType: 'String', StringValue: safe };
  }
  for (const [name, values] of Object.entries({ team, detection: detections })) {
    if (values.length === 0) continue;
    attributes[name] = { DataType: 'String.Array', StringValue: JSON.stringify(values.map(attributeText)) };
  }
  return attributes;
}

function attributeText(value: string): string {
  return withoutHostile(value.slice(0, MAX_ATTRIBUTE_LENGTH)).replace(/[\u{10000}-\u{10ffff}]/gu, '?');
}
