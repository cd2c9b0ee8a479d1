import { neutralise } from '../core/neutral.ts';
import { accountOf, eventIdOf, objectAt, type ReadRecord, textOf } from '../core/record.ts';
import type { Rated } from '../core/verdict.ts';
import type { Logger } from './logger.ts';
import type { Classified, Sink } from './sink.ts';

/** Logs every rated record at or above `logAt`, and every rejected one by position and reason, never by content. */
export function logSink(logger: Logger, policyVersion: string): Sink {
  return {
    accept({ source, verdict }: Classified) {
      if (verdict.action === 'log' || verdict.action === 'publish') {
        if ('unreadable' in source.read) return;
        logger.record(lineOf(source.read, verdict, policyVersion));
      } else if (verdict.action === 'reject') {
        const { code, why } = verdict;
        logger.warn({ code, position: source.position, why, policyVersion });
      }
    },
    async settle() {
      return [];
    },
  };
}

/** CloudTrail's own field names; values neutralised and bounded; absent ones left out. */
function lineOf(read: ReadRecord, verdict: Rated, policyVersion: string): Record<string, unknown> {
  const { record } = read;
  const identity = objectAt(record, 'userIdentity');
  return {
    level: 'info',
    severity: verdict.severity,
    code: verdict.code,
    action: verdict.action,
    eventTime: clean(record['eventTime']),
    eventSource: clean(read.eventSource),
    eventName: clean(read.eventName),
    awsRegion: clean(record['awsRegion']),
    recipientAccountId: clean(accountOf(record)),
    userIdentity: identity && {
      type: clean(identity['type']),
      arn: clean(identity['arn']),
      invokedBy: clean(identity['invokedBy']),
    },
    sourceIPAddress: clean(record['sourceIPAddress']),
    errorCode: clean(record['errorCode']),
    eventID: clean(eventIdOf(record)),
    reasons: verdict.reasons.map(({ by, id, severity }) => ({ by, id, severity })),
    adjustedBy: verdict.adjustedBy,
    failed: verdict.failed,
    wouldPublish: verdict.wouldPublish,
    policyVersion,
  };
}

function clean(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : neutralise(text);
}
