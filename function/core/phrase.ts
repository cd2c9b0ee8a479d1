import { namesThing, shortName, type Target } from './target.ts';

/** Verbs of event names, and how people say that it was done. */
const DONE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Accept: 'accepted',
    Add: 'added',
    Allocate: 'allocated',
    Associate: 'associated',
    Assume: 'assumed',
    Attach: 'attached',
    Authorize: 'authorized',
    Cancel: 'cancelled',
    Change: 'changed',
    Copy: 'copied',
    Create: 'created',
    Deactivate: 'deactivated',
    Decrease: 'decreased',
    Delete: 'deleted',
    Deregister: 'deregistered',
    Detach: 'detached',
    Disable: 'disabled',
    Disassociate: 'disassociated',
    Enable: 'enabled',
    Export: 'exported',
    Get: 'read',
    Import: 'imported',
    Increase: 'increased',
    Invite: 'invited',
    Leave: 'left',
    Modify: 'modified',
    Move: 'moved',
    Purchase: 'purchased',
    Put: 'set',
    Register: 'registered',
    Reboot: 'rebooted',
    Release: 'released',
    Remove: 'removed',
    Replace: 'replaced',
    Reset: 'reset',
    Restore: 'restored',
    Revoke: 'revoked',
    Rotate: 'rotated',
    Run: 'launched',
    Schedule: 'scheduled',
    Send: 'sent',
    Set: 'set',
    Start: 'started',
    Stop: 'stopped',
    Suspend: 'suspended',
    Tag: 'tagged',
    Terminate: 'terminated',
    Transfer: 'transferred',
    Untag: 'untagged',
    Update: 'updated',
    Upload: 'uploaded',
  }),
);

/** Acronyms that event names write as words. */
const ACRONYMS: ReadonlyMap<string, string> = new Map([
  ['Vpc', 'VPC'],
  ['Nat', 'NAT'],
  ['Acl', 'ACL'],
  ['Db', 'DB'],
  ['Mfa', 'MFA'],
]);

/** Event names are cut here before they are taken apart. */
const MAX_NAME_LENGTH = 80;

/** `CreateAccessKey` -> `['Create', 'Access', 'Key']`, `EnableMFADevice` -> `['Enable', 'MFA', 'Device']`. */
function wordsOf(eventName: string): string[] {
  return eventName.slice(0, MAX_NAME_LENGTH).match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z\d]+/g) ?? [];
}

function spoken(words: readonly string[]): string {
  return words
    .map((word) => ACRONYMS.get(word) ?? (word.length > 1 && word === word.toUpperCase() ? word : word.toLowerCase()))
    .join(' ');
}

/** What was done and to what: `access key created for bob`, `bucket logs deleted`, `ConsoleLogin called`. */
export function donePhrase(eventName: string, target: Target | undefined): string {
  const [verb, ...words] = wordsOf(eventName);
  const done = DONE.get(verb ?? '');
  if (done === undefined || words.length === 0)
    return `${eventName.slice(0, MAX_NAME_LENGTH)} called${forTarget(target)}`;
  const { noun, place } = apart(words);
  if (target && isTheThing(target, verb ?? '', noun)) return `${spoken(noun)} ${shortName(target)} ${done}${place}`;
  return `${spoken(noun)} ${done}${place}${forTarget(target)}`;
}

/** What was tried, for calls that did not go through: `create access key for bob`. */
export function triedPhrase(eventName: string, target: Target | undefined): string {
  const [verb, ...words] = wordsOf(eventName);
  if (!DONE.has(verb ?? '') || words.length === 0) return `${eventName.slice(0, MAX_NAME_LENGTH)}${forTarget(target)}`;
  const { noun, place } = apart(words);
  const tried = spoken([verb ?? '', ...noun]);
  if (target && isTheThing(target, verb ?? '', noun)) return `${tried} ${shortName(target)}${place}`;
  return `${tried}${place}${forTarget(target)}`;
}

/** `['Role', 'From', 'Instance', 'Profile']` -> `role` and ` from instance profile`. */
function apart(words: readonly string[]): { readonly noun: readonly string[]; readonly place: string } {
  const at = words.findIndex((word) => word === 'To' || word === 'From');
  if (at < 1 || at === words.length - 1) return { noun: words, place: '' };
  return { noun: words.slice(0, at), place: ` ${spoken(words.slice(at))}` };
}

/** ` for bob`, or nothing. */
export function forTarget(target: Target | undefined): string {
  return target ? ` for ${shortName(target)}` : '';
}

/** Verbs whose plain `name` is that of their noun; for `StopLogging` it is not. */
const OF_THE_THING: ReadonlySet<string> = new Set(['Create', 'Delete', 'Update', 'Enable', 'Disable']);

function isTheThing({ parameter }: Target, verb: string, noun: readonly string[]): boolean {
  return (parameter.toLowerCase() === 'name' && OF_THE_THING.has(verb)) || namesThing(parameter, noun.join(''));
}
