import { TrailbellError } from '../../core/errors.ts';
import type { HttpAnswer } from '../../core/indexing/answer.ts';
import type { Deadline } from '../sink.ts';
import { OUT_OF_TIME } from '../sns-errors.ts';
import type { Authorization } from './authorization.ts';

/** One request; `body` is sent in one piece, with its length. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Milliseconds for one answer at most: a bulk request of some MB takes a busy node seconds. */
const TIMEOUT = 60_000;

/** Characters of an answer that are read at most, far more than any bulk request of ours gets. */
const MAX_ANSWER = 64 * 1024 * 1024;

/**
 * Sends a request with its authorization, once more with a new one where the server did not accept the first. Everything
 * the network does is an answer: status 0. A redirection is an answer, too, and is not followed: it would take the
 * documents, and the authorization, elsewhere.
 */
export async function send(
  request: HttpRequest,
  authorization: Authorization,
  deadline: Deadline,
): Promise<HttpAnswer> {
  const first = await attempt(request, authorization, deadline);
  return first.status === 401 && authorization.renew() ? attempt(request, authorization, deadline) : first;
}

async function attempt(
  { method, url, contentType, body }: HttpRequest,
  authorization: Authorization,
  deadline: Deadline,
): Promise<HttpAnswer> {
  const remaining = Math.min(TIMEOUT, Math.ceil(deadline.remaining()));
  if (remaining <= 0) return { status: 0, text: OUT_OF_TIME };
  let signed: Readonly<Record<string, string>>;
  try {
    signed = await authorization.headers({ method, url, body, contentType });
  } catch (error) {
    // As the server would say without them.
    const why = error instanceof TrailbellError ? error.message : networkCode(error);
    return { status: 401, text: `no authorization to be had: ${why}` };
  }
  try {
    const response = await fetch(url, {
      method,
      headers: { 'content-type': contentType, ...signed },
      redirect: 'manual',
      signal: AbortSignal.timeout(remaining),
      ...(method === 'GET' ? {} : { body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) }),
    });
    return { status: response.status, text: await bounded(response) };
  } catch (error) {
    return { status: 0, text: networkCode(error) };
  }
}

async function bounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ANSWER) throw new RangeError('AnswerTooLong');
  }
  return text + decoder.decode();
}

/** fetch wraps what happened; its own words quote the address. */
function networkCode(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'UnknownError';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
