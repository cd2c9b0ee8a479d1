/**
 * What an output says of one line: it has it; it had it before; ask again; it will never take it, with its reason; or it
 * takes none like it until somebody changes its settings.
 */
export type LineAnswer =
  | { readonly kind: 'taken' | 'repeated' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'again'; readonly reason: string }
  | { readonly kind: 'closed'; readonly reason: string };

/**
 * What an output says of a batch: something of each line, in their order; or that the batch is too much, or at fault
 * somewhere, so that its halves may do better; or one thing of all lines.
 */
export type BatchAnswer =
  | { readonly kind: 'lines'; readonly lines: readonly LineAnswer[] }
  | { readonly kind: 'split'; readonly reason: string }
  | { readonly kind: 'again' | 'closed'; readonly reason: string };

/** One answer over HTTP; `status` 0 is none at all, with the network's code as the text. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** Characters of a reason that are kept: a server may quote the whole document. */
const MAX_REASON = 500;

/** A reason short enough to keep. It quotes the server, and so perhaps the record: to be neutralised before it is shown. */
export function reasonOf(...parts: readonly string[]): string {
  const reason = parts.filter((part) => part !== '').join(': ');
  return reason.length > MAX_REASON ? `${reason.slice(0, MAX_REASON - 1)}…` : reason;
}

/** What the status of a whole answer means, but for success, which undefined stands for. */
export function refusalOf({ status, text }: HttpAnswer): BatchAnswer | undefined {
  if (status >= 200 && status < 300) return undefined;
  const reason = reasonOf(status === 0 ? 'no answer' : `HTTP ${status}`, text);
  if (status === 413 || status === 400 || status === 422) return { kind: 'split', reason };
  if (isPassing(status)) return { kind: 'again', reason };
  return { kind: 'closed', reason };
}

/** True where the same request can succeed later: nothing answered, too much at once, or trouble inside. */
export function isPassing(status: number): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
