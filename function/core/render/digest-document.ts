import { type Digest, type HeldFinding, MAX_TARGET } from '../digest.ts';
import { figuresOf } from '../digest-figures.ts';
import { digestLink, digestQuery } from '../digest-link.ts';
import { neutralise, neutraliseForMail } from '../neutral.ts';
import { digestSentences, digestSubject, type Part } from './digest-prose.ts';
import { SCHEMA_VERSION } from './document.ts';

const clean = (value: string | undefined) => (value === undefined ? null : neutralise(value));

/** One entry of the document's `held`. */
export function heldEntry({ target, principal, severity, failed, eventID, eventTime, what }: HeldFinding): object {
  return {
    severity,
    failed: clean(failed),
    target: neutralise(target, MAX_TARGET),
    principal: clean(principal),
    what: clean(what),
    eventID: clean(eventID),
    eventTime: clean(eventTime),
  };
}

/**
 * The digest as JSON for programs, told from a finding by `"kind":"digest"`. `dedupKey` is the same whenever this part
 * is sent again; `count` is of the whole digest, `held` are the targets of this part.
 */
export function renderDigestDocument(digest: Digest, held: readonly HeldFinding[], part: Part): string {
  const { window, id } = digest;
  return JSON.stringify({
    schemaVersion: SCHEMA_VERSION,
    kind: 'digest',
    dedupKey: `${neutralise(id)}#${part.number}/${part.of}`,
    heldBy: window.kind,
    title: digestSubject(digest, part),
    summary: digestSentences(digest, neutraliseForMail).join(' '),
    part,
    ...figuresOf(digest),
    from: isoOf(window.from),
    to: isoOf(window.to),
    account: { id: clean(window.accountId), name: window.accountName ?? null },
    eventSource: clean(window.eventSource),
    eventName: clean(window.eventName),
    why: window.why,
    nextSteps: window.nextSteps,
    held: held.map(heldEntry),
    isCut: digest.isCut === true,
    links: { query: digestLink(digest) ?? null },
    query: neutralise(digestQuery(digest), 4_000),
    policyVersion: window.policyVersion,
  });
}

function isoOf(time: number): string | null {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
