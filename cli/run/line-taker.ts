import { neutralise } from '../../function/core/neutral.ts';
import type { SourceRecord } from '../../function/core/record.ts';
import { metricsLine } from '../../function/sinks/metrics.ts';
import { queueNotification } from '../../function/sources/objects/object-sources.ts';
import type { S3Loader } from '../../function/sources/objects/s3.ts';
import type { Delivery, Missing, Unread } from '../../function/sources/source.ts';
import type { Io } from '../command.ts';
import type { Journal } from './journal.ts';
import { queueEvent, type Taker } from './taker.ts';

/** Characters gathered before they are written. */
const GATHERED = 256 * 1024;

/** Takes records to standard output, one JSON line each, the text of a record as it stood in its object. */
export function lineTaker(io: Io, loadS3: S3Loader, journal: Journal): Taker {
  return {
    async take(task, deadline) {
      const figures = { received: 0, written: 0, unreadable: 0, objectsRead: 0, objectsMissing: 0, objectsSkipped: 0 };
      const others = { controlMessages: 0, unknownMessages: 0, deliveriesFailed: 0 };
      let isDone = true;
      const objects = { load: loadS3, remaining: () => deadline.remaining() };
      try {
        for await (const unit of queueNotification.open(queueEvent(task), { objects })) {
          if (unit.kind === 'data') {
            const { lines, unreadable } = await write(io, unit);
            figures.received += lines;
            figures.written += lines;
            figures.unreadable += unreadable;
            figures.objectsRead++;
          } else if (unit.kind === 'missing') figures.objectsMissing++;
          else if (unit.kind === 'unread') {
            others.deliveriesFailed++;
            isDone = false;
          } else if (unit.kind === 'skipped') figures.objectsSkipped++;
          else if (unit.kind === 'control') others.controlMessages++;
          else others.unknownMessages++;
          if ('error' in unit) note(journal, unit);
        }
      } finally {
        journal.logger.info(metricsLine('', { ...figures, ...others }, {}, new Date()));
      }
      return isDone;
    },
  };
}

function note({ logger }: Journal, { kind, item = '', error }: Unread | Missing): void {
  const { code, path } = error;
  const why = 'problem' in error ? { problem: error.problem } : { errorCode: error.errorCode };
  const line = { code, ...why, path, item: neutralise(item, 128) };
  if (kind === 'missing') logger.warn(line);
  else logger.error(line);
}

async function write(io: Io, { records }: Delivery): Promise<{ readonly lines: number; readonly unreadable: number }> {
  let [lines, unreadable, gathered] = [0, 0, ''];
  for (const source of records) {
    if (source.read.record === undefined) unreadable++;
    gathered += `${lineOf(source)}\n`;
    lines++;
    if (gathered.length < GATHERED) continue;
    await io.out(gathered);
    gathered = '';
  }
  await io.out(gathered);
  return { lines, unreadable };
}

/** What is no JSON object has a line, too: `{"unreadable":"not JSON","position":"…","raw":"…"}`. */
function lineOf({ read, position, raw }: SourceRecord): string {
  if (read.record === undefined) {
    return JSON.stringify({ unreadable: 'unreadable' in read ? read.unreadable : 'no record', position, raw });
  }
  return typeof raw === 'string' && !/[\r\n]/.test(raw) ? raw : JSON.stringify(read.record);
}
