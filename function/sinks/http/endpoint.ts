/** What is wrong with an address, in the words of a setting: `X is not …`. */
export type EndpointProblem = 'a URL' | 'an https URL' | 'free of user, query and fragment';

/**
 * The address of an output, without a slash at its end.
 * @returns a problem unless TLS protects what goes there; what never leaves the machine may go without
 */
export function readEndpoint(text: string): URL | EndpointProblem {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return 'a URL';
  const isLocal = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) return 'an https URL';
  // A password in an address ends up in logs; what follows the path would be lost or land in the middle.
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return 'free of user, query and fragment';
  }
  return url;
}

/** The address of something below an endpoint. */
export function below(endpoint: URL, path: string): URL {
  return new URL(`${endpoint.origin}${endpoint.pathname.replace(/\/+$/, '')}/${path}`);
}
