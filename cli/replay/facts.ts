import { neutralise } from '../../function/core/neutral.ts';
import { principalName } from '../../function/core/principal.ts';
import { accountOf, type ReadRecord, textOf, timeOf } from '../../function/core/record.ts';

/** What a replay counts by, of one record; the same under every policy. All but `eventTime` neutralised and bounded. */
export interface Facts {
  /** `eventTime` in milliseconds; undefined where it tells none. */
  readonly time: number | undefined;
  /** As recorded, where it tells a time: then it is short and plain. */
  readonly eventTime: string | undefined;
  readonly account: string | null;
  readonly region: string | null;
  readonly principal: string;
}

/** The facts of a record. */
export function factsOf({ record }: ReadRecord): Facts {
  const eventTime = record['eventTime'];
  const time = millisecondsOf(eventTime);
  const account = accountOf(record);
  const region = textOf(record['awsRegion']);
  return {
    time,
    eventTime: time === undefined ? undefined : textOf(eventTime),
    account: account === undefined ? null : neutralise(account, 64),
    region: region === undefined ? null : neutralise(region, 64),
    principal: neutralise(principalName(record)),
  };
}

/** The day of the time that was read last, `2026-11-20T`, and its milliseconds: most records are of the same one. */
let lastDay = '';
let lastDayAt = 0;

/** The time of `eventTime` in milliseconds; undefined for what is none. */
export function millisecondsOf(eventTime: unknown): number | undefined {
  const text = textOf(eventTime);
  if (text === undefined) return undefined;
  const ofDay = text.length === WHOLE ? millisecondsOfDay(text) : -1;
  if (ofDay < 0) return timeOf(text)?.getTime();
  if (lastDay !== '' && text.startsWith(lastDay)) return lastDayAt + ofDay;
  const time = timeOf(text)?.getTime();
  if (time === undefined) return undefined;
  lastDay = text.slice(0, 11);
  lastDayAt = time - ofDay;
  return time;
}

/** Characters of a time as CloudTrail writes it: `2026-11-20T02:41:00Z`. */
const WHOLE = 20;

/** Milliseconds since midnight of such a time; -1 where it is not written so. */
function millisecondsOfDay(text: string): number {
  const [hours, minutes, seconds] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const isTime = hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 60;
  const isWritten = text.charCodeAt(13) === COLON && text.charCodeAt(16) === COLON && text.charCodeAt(19) === Z;
  return isTime && isWritten ? ((hours * 60 + minutes) * 60 + seconds) * 1_000 : -1;
}

const COLON = 0x3a;
const Z = 0x5a;

function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 0x30, text.charCodeAt(at + 1) - 0x30];
  return tens >= 0 && tens < 10 && ones >= 0 && ones < 10 ? tens * 10 + ones : -1;
}
