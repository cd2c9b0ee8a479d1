import type { S3Fault, S3Script } from './s3-proxy.ts';

/** What came of one fault. */
export interface FaultRow {
  readonly fault: string;
  /** Different records there were, and those that arrived. */
  readonly given: number;
  readonly arrived: number;
  /** Records that arrived once more. */
  readonly repeats: number;
  /** Where the rest is. */
  readonly rest: string;
}

/** The rows as a table, of which a test prints one line a fault. */
export function tableOf(title: string, rows: readonly FaultRow[]): string {
  const lines = rows.map(
    ({ fault, given, arrived, repeats, rest }) => `| ${fault} | ${given} | ${arrived} | ${repeats} | ${rest} |`,
  );
  return [`| ${title} | in | out | repeats | the rest |`, '|---|---|---|---|---|', ...lines, ''].join('\n');
}

/** The fault for every so many of what it is asked about, the first included. */
export function every<F>(nth: number, fault: F): () => F | undefined {
  let index = 0;
  return () => (index++ % nth === 0 ? fault : undefined);
}

/** The fault for the first so many. */
export function first<F>(most: number, fault: F): () => F | undefined {
  let index = 0;
  return () => (index++ < most ? fault : undefined);
}

/** A fault of objects only, not of listings. */
export function ofObjects(fault: () => S3Fault | undefined): S3Script {
  return (path) => (path.includes('.json.gz') && !path.includes('list-type') ? fault() : undefined);
}
