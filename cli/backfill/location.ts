import { UsageError } from '../usage-error.ts';

/** A place in a bucket. */
export interface Location {
  readonly bucket: string;
  /** Empty, or a folder with its slash, or the whole key of one object. */
  readonly prefix: string;
}

/** Reads `s3://bucket/folder`, with or without a slash at its end. @throws {UsageError} */
export function locationOf(text: string): Location {
  const [, bucket, rest = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.{0,1024}))?$/.exec(text) ?? [];
  if (bucket === undefined) throw new UsageError(`${JSON.stringify(text.slice(0, 80))} is not s3://BUCKET/PREFIX`);
  const isWhole = rest === '' || rest.endsWith('/') || /\.json(?:\.gz)?$/.test(rest);
  return { bucket, prefix: isWhole ? rest : `${rest}/` };
}
