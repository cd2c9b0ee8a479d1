/** What a file of a severities folder holds. `name` is the file name without `.json`; `local` files are the user's. */
export interface Place {
  readonly kind: 'policy' | 'accounts' | 'service' | 'detection';
  readonly name: string;
  readonly local: boolean;
}

/** Where a severities folder keeps its files, in words. */
export const LAYOUT =
  'policy.json, services/<label>.json, detections/<id>.json, the same in local/, or local/accounts.json';

const DATA_FILE = /^(?:local\/)?(?:(?<folder>services|detections)\/)?(?<name>[^/]+)\.json$/;
const LOOKS_LIKE_DATA = /\.(?:jsonc?|json5|ya?ml)$/i;

/**
 * The place of `path`, relative to the folder and with forward slashes. `ignored` files are no data (README.md, the
 * catalogue, generated schemas, hidden files); `misplaced` ones look like data nothing would read.
 */
export function placeOf(path: string): Place | 'ignored' | 'misplaced' {
  if (isIgnoredPath(path) || !LOOKS_LIKE_DATA.test(path)) return 'ignored';
  const groups = DATA_FILE.exec(path)?.groups;
  if (!groups) return 'misplaced';
  const { folder, name = '' } = groups;
  const local = path.startsWith('local/');
  if (folder === 'services') return { kind: 'service', name, local };
  if (folder === 'detections') return { kind: 'detection', name, local };
  if (name === 'policy') return { kind: 'policy', name, local };
  return name === 'accounts' && local ? { kind: 'accounts', name, local } : 'misplaced';
}

/** True for paths, of files or folders, of which nothing is read: hidden ones, `schema/` and the catalogue. */
export function isIgnoredPath(path: string): boolean {
  return path === 'catalogue.json' || path === 'schema' || path.startsWith('schema/') || /(?:^|\/)\./.test(path);
}

const DOMAIN = '.amazonaws.com';

/** The label an eventSource's file is named for: `kms` of `kms.amazonaws.com`. */
export function labelOf(eventSource: string): string {
  return eventSource.endsWith(DOMAIN) ? eventSource.slice(0, -DOMAIN.length) : eventSource;
}
