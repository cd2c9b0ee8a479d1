import type { Policy } from '../../function/core/policy.ts';
import { DecodeError } from '../../function/sources/decode-error.ts';
import { ObjectError } from '../../function/sources/objects/object-error.ts';
import { recordsOfObject } from '../../function/sources/objects/open-object.ts';
import type { S3Loader } from '../../function/sources/objects/s3.ts';
import type { Io } from '../command.ts';
import { Replayed } from '../replay/replayed.ts';
import { reportOf } from '../replay/report.ts';
import { reportText } from '../replay/report-text.ts';
import type { Journal } from '../run/journal.ts';
import type { Target } from './target.ts';

/** A report on what would have been published of all records; publishes nothing. */
export function reportTarget(
  io: Io,
  load: S3Loader,
  journal: Journal,
  bucket: string,
  { policy, json }: { readonly policy: Policy; readonly json: boolean },
): Target {
  const replayed = new Replayed(policy);
  return {
    atOnce: 1,
    inOneGo: true,
    async take(objects, deadline) {
      const left: string[] = [];
      for (const { key } of objects) {
        try {
          for (const { read, position, raw } of await recordsOfObject({ load, ...deadline }, { bucket, key })) {
            replayed.take({ read, position, raw, place: undefined });
          }
        } catch (error) {
          if (!(error instanceof ObjectError || error instanceof DecodeError)) throw error;
          left.push(key);
          const { code, path } = error;
          journal.logger.error({ code, path, ...('errorCode' in error && { errorCode: error.errorCode }) });
        }
      }
      return left;
    },
    async finish() {
      replayed.finish();
      const report = reportOf(replayed.summary);
      await io.out(json ? `${JSON.stringify(report)}\n` : reportText(report));
    },
  };
}
