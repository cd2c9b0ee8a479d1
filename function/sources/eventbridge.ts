import { isObject, readRecord } from '../core/record.ts';
import type { InlineSource } from './source.ts';

/** `AWS API Call via CloudTrail`, `AWS Console Sign In via CloudTrail`, `AWS Service Event via CloudTrail` and so on. */
const DETAIL_TYPE = / via CloudTrail$/;

/**
 * A rule on what CloudTrail tells EventBridge: `{"detail-type":"AWS API Call via CloudTrail","detail":{…}}`, the record in
 * `detail` as it is elsewhere, eventID included.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-aws-service-specific-topics.html
 */
export const eventBridge: InlineSource = {
  name: 'eventbridge',
  isBatch: false,
  readsObjects: false,

  accepts(event) {
    const type = isObject(event) ? event['detail-type'] : undefined;
    return typeof type === 'string' && DETAIL_TYPE.test(type);
  },

  *open(event) {
    const raw = isObject(event) ? event['detail'] : undefined;
    yield { kind: 'data', place: undefined, records: [{ read: readRecord(raw), position: 'detail', raw }] };
  },
};
