import { uuid } from '../../../cli/demo/story/identifiers.ts';
import type { Stored } from '../../../cli/replay/stored.ts';

/** So many findings like these, a second apart, each with an id and a target of its own. */
export function manyOf(stored: readonly Stored[], count: number): { each(): AsyncIterable<Stored> } {
  const start = Date.UTC(2026, 9, 1);
  return {
    async *each() {
      for (let n = 0; n < count; n++) {
        const like = stored[n % stored.length];
        if (like === undefined) return;
        const time = start + n * 20_000;
        // As hard to compress as real ones.
        const [eventID, requestID, target] = [uuid(3 * n), uuid(3 * n + 1), uuid(3 * n + 2)];
        const eventTime = `${new Date(time).toISOString().slice(0, 19)}Z`;
        const principal = `${like.mention.principal} ${n % 700}`;
        yield {
          ...like,
          time,
          mention: { ...like.mention, eventID, eventTime, principal, subject: `${like.mention.subject} ${n % 9_000}` },
          record: like.record
            .replace(/"eventID":"[^"]+"/, `"eventID":"${eventID}"`)
            .replace('{', `{"requestID":"${requestID}","target":"${target}",`)
            .replace(/"eventTime":"[^"]+"/, `"eventTime":"${eventTime}"`),
        };
      }
    },
  };
}

/** What would run, be markup, end an element or turn text around, were it not shown as text. */
export const HOSTILE =
  '</script><script>hacked=1</script><img src=x onerror="hacked=1"><iframe src="https://example.com"></iframe>\u202edesrever\u0000\u001b[2J<!--';

/** A record that is published and says all that, and a megabyte more. */
export function hostileRecord(): Readonly<Record<string, unknown>> {
  return {
    eventVersion: '1.11',
    eventTime: '2026-11-20T12:00:00Z',
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: 'StopLogging',
    awsRegion: HOSTILE,
    sourceIPAddress: HOSTILE,
    userAgent: HOSTILE,
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::111122223333:user/${HOSTILE}`,
      accountId: '111122223333',
      userName: HOSTILE,
    },
    requestParameters: { name: HOSTILE, [HOSTILE]: HOSTILE, filler: 'x'.repeat(1_000_000) },
    eventID: HOSTILE,
    recipientAccountId: '111122223333',
  };
}
