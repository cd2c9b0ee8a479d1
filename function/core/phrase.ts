import { shortName, type Target } from './target.ts';

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

/** Event names are cut here before they are taken apart. */
const MAX_NAME_LENGTH = 80;

/** `CreateAccessKey` -> `['Create', 'Access', 'Key']`, `EnableMFADevice` -> `['Enable', 'MFA', 'Device']`. */
function wordsOf(eventName: string): string[] {
  return eventName.slice(0, MAX_NAME_LENGTH).match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z\d]+/g) ?? [];
}

function spoken(words: readonly string[]): string {
  return words.map((word) => (word.length > 1 && word === word.toUpperCase() ? word : word.toLowerCase())).join(' ');
}

/** What was done and to what: `access key created for bob`, `bucket logs deleted`, `ConsoleLogin called`. */
export function donePhrase(eventName: string, target: Target | undefined): string {
  const [verb, ...noun] = wordsOf(eventName);
  const done = DONE.get(verb ?? '');
  if (done === undefined || noun.length === 0)
    return `${eventName.slice(0, MAX_NAME_LENGTH)} called${forTarget(target)}`;
  if (target && namesNoun(target, noun)) return `${spoken(noun)} ${shortName(target)} ${done}`;
  return `${spoken(noun)} ${done}${forTarget(target)}`;
}

/** What was tried, for calls that did not go through: `create access key for bob`. */
export function triedPhrase(eventName: string, target: Target | undefined): string {
  const [verb, ...noun] = wordsOf(eventName);
  if (!DONE.has(verb ?? '') || noun.length === 0) return `${eventName.slice(0, MAX_NAME_LENGTH)}${forTarget(target)}`;
  if (target && namesNoun(target, noun)) return `${spoken([verb ?? '', ...noun])} ${shortName(target)}`;
  return `${spoken([verb ?? '', ...noun])}${forTarget(target)}`;
}

/** ` for bob`, or nothing. */
export function forTarget(target: Target | undefined): string {
  return target ? ` for ${shortName(target)}` : '';
}

/** True when the parameter names the very thing: `bucketName` for a bucket, `instanceId` for instances. */
function namesNoun(target: Target, noun: readonly string[]): boolean {
  const thing = noun.join('').toLowerCase().replace(/s$/, '');
  return target.parameter.toLowerCase().replace(/(?:name|id|identifier|arn)$/, '') === thing;
}
