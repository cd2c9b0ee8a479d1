import { TrailbellError } from '../../core/errors.ts';
import { neutralise } from '../../core/neutral.ts';
import type { ObjectRef } from './object-key.ts';

/** Longest name shown: a bucket's 63 characters and a key's 1,024. */
const MAX_NAME = 1_100;

/** An object's name for logs and messages: `s3://bucket/key`, without what a key could smuggle in. */
export function nameOf({ bucket, key }: ObjectRef): string {
  return neutralise(`s3://${bucket}/${key}`, MAX_NAME);
}

/**
 * Why an object could not be fetched. `missing_object`: it is gone, as after a lifecycle rule, and no retry brings it back.
 * `denied_object`: S3 or KMS refuses, until somebody changes a policy. `unavailable_object`: S3 did not answer in time, in
 * several attempts, or is left for another try.
 */
export type ObjectProblem = 'missing_object' | 'denied_object' | 'unavailable_object';

/** Thrown for an object that could not be fetched; `path` names it, `errorCode` is S3's word, or `OutOfTime` or `OutOfRoom`. */
export class ObjectError extends TrailbellError {
  override readonly name = 'ObjectError';
  readonly path: string;
  readonly errorCode: string;

  constructor(problem: ObjectProblem, ref: ObjectRef, errorCode: string, options?: ErrorOptions) {
    const path = nameOf(ref);
    super(problem, `${path}: ${errorCode}`, options);
    this.path = path;
    this.errorCode = errorCode;
  }
}
