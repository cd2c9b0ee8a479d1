import { neutralise } from '../../function/core/neutral.ts';
import { sendDeadLetters } from '../../function/sinks/dead-letters.ts';
import type { Deadline } from '../../function/sinks/sink.ts';
import type { SqsLoader } from '../../function/sinks/sqs.ts';
import type { Io } from '../command.ts';
import type { Taker } from '../run/taker.ts';
import { noticeOf } from './notice.ts';
import type { HistoryObject } from './selection.ts';

/** Where objects of a history go. */
export interface Target {
  /** Objects it takes in one step. */
  readonly atOnce: number;
  /** True when objects must come one after the other, and all in one run. */
  readonly inOneGo: boolean;
  /** @returns the keys of those that must be tried again; why is said */
  take(objects: readonly HistoryObject[], deadline: Deadline): Promise<readonly string[]>;
  /** Ends it, when everything was taken or the run is to stop. */
  finish(): Promise<void>;
}

/** Notifications of one request. */
const AT_ONCE = 10;

/** A queue that gets a notification of every object, as if it were written now. */
export function queueTarget(io: Io, load: SqsLoader, queueUrl: string, bucket: string, alerts: boolean): Target {
  const said = new Set<string>();
  return {
    atOnce: AT_ONCE,
    inOneGo: false,
    async take(objects, deadline) {
      const now = new Date();
      const letters = objects.map((object) => ({ of: object.key, body: noticeOf(bucket, object, alerts, now) }));
      const lost = await sendDeadLetters(load, queueUrl, letters, deadline);
      for (const { errorCode } of lost) {
        if (said.has(errorCode)) continue;
        said.add(errorCode);
        io.say(`trailbell: ${queueUrl} does not take messages: ${neutralise(errorCode)}${adviceOn(errorCode)}`);
      }
      return lost.map(({ of }) => of);
    },
    async finish() {},
  };
}

/** Takes objects as a worker takes messages. */
export function takerTarget(taker: Taker, bucket: string): Target {
  return {
    atOnce: 1,
    inOneGo: false,
    async take(objects, deadline) {
      const left: string[] = [];
      for (const object of objects) {
        const task = { id: object.key, body: noticeOf(bucket, object, false, new Date()) };
        if (!(await taker.take(task, deadline))) left.push(object.key);
      }
      return left;
    },
    async finish() {},
  };
}

function adviceOn(errorCode: string): string {
  if (/AccessDenied|NotAuthorized/.test(errorCode)) {
    return ': the credentials in use need sqs:SendMessage, and kms:GenerateDataKey and kms:Decrypt with the key of an encrypted queue';
  }
  return /NonExistentQueue|QueueDoesNotExist/.test(errorCode) ? ': there is no such queue' : '';
}
