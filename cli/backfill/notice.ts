import { HISTORY_EVENT } from '../../function/sources/objects/notification.ts';
import type { HistoryObject } from './selection.ts';

/**
 * What S3 would say of an object, to whoever reads a queue of its notifications; keys are spelled as S3 spells them.
 * @param alerts true for an event like any other, false for one that says it is of the past
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function noticeOf(bucket: string, { key, bytes }: HistoryObject, alerts: boolean, now: Date): string {
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        eventTime: now.toISOString(),
        eventName: alerts ? 'ObjectCreated:Put' : HISTORY_EVENT,
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'trailbell-backfill',
          bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
          object: { key: key.split('/').map(encodeURIComponent).join('/').replaceAll('%20', '+'), size: bytes },
        },
      },
    ],
  });
}
