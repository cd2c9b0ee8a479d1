import type { Bucket } from './bucket.ts';
import { dateFolders } from './date-folders.ts';
import { type HistoryObject, isSelected, type Selection } from './selection.ts';

/**
 * The objects of a history, in the order of their keys: every one that is meant, however many there are. Where the layout
 * is CloudTrail's, folders of other accounts, Regions and days are never listed; elsewhere every key is looked at.
 * @param after only objects whose keys come later, for a run that goes on
 * @throws {AwsProblem} when S3 refuses
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export async function* historyOf(
  bucket: Bucket,
  selection: Selection,
  now: Date,
  after?: string,
): AsyncGenerator<HistoryObject> {
  for await (const prefix of foldersOf(bucket, selection, now)) {
    if (after !== undefined && isBefore(prefix, after) && !after.startsWith(prefix)) continue;
    for await (const { objects } of bucket.pages(prefix, 'objects', after)) {
      for (const { key, bytes, stored } of objects) if (isSelected(selection, key, stored)) yield { key, bytes };
    }
  }
}

const ACCOUNT = /AWSLogs\/(?:o-[a-z0-9]{10,32}\/)?\d{12}\/$/;

/** The folders to list whole, in order. */
async function* foldersOf(bucket: Bucket, selection: Selection, now: Date): AsyncGenerator<string> {
  const { accounts, regions, from, until } = selection;
  const below = async (prefix: string) => {
    const folders: string[] = [];
    for await (const page of bucket.pages(prefix, 'folders')) folders.push(...page.folders);
    return folders;
  };
  const wanted = (names: readonly string[] | undefined, folder: string) =>
    names === undefined || names.includes(folder.split('/').at(-2) ?? '');

  async function* walk(prefix: string): AsyncGenerator<string> {
    if (/(?:^|\/)AWSLogs\/(?:o-[a-z0-9]{10,32}\/)?$/.test(prefix)) {
      for (const folder of await below(prefix)) {
        if (/AWSLogs\/o-[a-z0-9]{10,32}\/$/.test(folder)) yield* walk(folder);
        else if (ACCOUNT.test(folder) && wanted(accounts, folder)) yield* walk(folder);
      }
    } else if (ACCOUNT.test(prefix)) yield* walk(`${prefix}CloudTrail/`);
    else if (/\/\d{12}\/CloudTrail\/$/.test(prefix)) {
      for (const folder of await below(prefix)) if (wanted(regions, folder)) yield* walk(folder);
    } else if (/\/\d{12}\/CloudTrail\/[a-z0-9-]+\/$/.test(prefix)) {
      for (const folder of dateFolders(from, until, now)) yield `${prefix}${folder}`;
    } else if (prefix === '' || (prefix.endsWith('/') && !prefix.includes('AWSLogs/'))) {
      const folders = await below(prefix);
      if (!folders.includes(`${prefix}AWSLogs/`)) yield prefix;
      // Another trail may write below a prefix of its own beside it.
      else for (const folder of folders) yield* walk(folder);
    } else yield prefix;
  }
  yield* walk(selection.prefix);
}

/** In the order S3 lists: by bytes. */
function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
