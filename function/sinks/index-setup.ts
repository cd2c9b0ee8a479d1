import { TrailbellError } from '../core/errors.ts';
import { type HttpAnswer, isPassing } from '../core/indexing/answer.ts';
import { type SetupRequest, setupRequests } from '../core/indexing/setup.ts';
import type { IndexOptions } from '../core/indexing/template.ts';
import { neutralise } from '../core/neutral.ts';
import { isObject } from '../core/record.ts';
import type { Authorization } from './http/authorization.ts';
import { below } from './http/endpoint.ts';
import { type HttpRequest, send } from './http/request.ts';
import type { Deadline } from './sink.ts';

/** Thrown when the endpoint refuses a part of the set-up; what was put before stays. */
export class IndexSetupError extends TrailbellError {
  override readonly name = 'IndexSetupError';
  /** Of the answer; 0 when there was none. */
  readonly status: number;

  constructor(what: string, { status, text }: HttpAnswer) {
    const said = status === 0 ? `no answer (${neutralise(text)})` : `HTTP ${status}: ${neutralise(text)}`;
    super('index_not_set_up', `${what}: ${said}${ADVICE[status] ?? ''}`);
    this.status = status;
  }
}

const ADVICE: Readonly<Record<number, string>> = {
  401: '; check the authorization',
  403: '; let these credentials manage index templates and policies (fine-grained access control: map the role)',
};

/** Attempts at one request, and milliseconds between them: somebody waits. */
const ATTEMPTS = 3;
const PAUSE = 1_000;

/**
 * Puts the index template and the retention policy. May be repeated: what is there is replaced.
 * @returns what was put, for people
 * @throws {IndexSetupError} at the first request that is refused
 */
export async function setUpIndex(
  endpoint: URL,
  authorization: Authorization,
  options: IndexOptions,
  deadline: Deadline,
): Promise<string[]> {
  const done: string[] = [];
  for (const request of setupRequests(options)) {
    const url = below(endpoint, request.path);
    if (request.isVersioned) await nameVersion(url, request, authorization, deadline);
    const answer = await ask({ method: 'PUT', url, body: bytesOf(request.body) }, authorization, deadline);
    if (answer.status < 200 || answer.status > 299) throw new IndexSetupError(request.what, answer);
    done.push(request.what);
  }
  return done;
}

/** @see https://docs.opensearch.org/latest/im-plugin/ism/api/#update-policy */
async function nameVersion(url: URL, { what }: SetupRequest, authorization: Authorization, deadline: Deadline) {
  const answer = await ask({ method: 'GET', url, body: new Uint8Array() }, authorization, deadline);
  if (answer.status === 404) return;
  const current = answer.status === 200 ? jsonOf(answer.text) : undefined;
  const { _seq_no, _primary_term } = isObject(current) ? current : {};
  if (typeof _seq_no !== 'number' || typeof _primary_term !== 'number') throw new IndexSetupError(what, answer);
  url.searchParams.set('if_seq_no', String(_seq_no));
  url.searchParams.set('if_primary_term', String(_primary_term));
}

async function ask(
  request: Omit<HttpRequest, 'contentType'>,
  authorization: Authorization,
  deadline: Deadline,
): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await send({ ...request, contentType: 'application/json' }, authorization, deadline);
    if (!isPassing(answer.status) || attempt === ATTEMPTS || deadline.remaining() <= PAUSE) return answer;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** Undefined for what is not JSON, as the page of something in between. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bytesOf(body: object): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}
