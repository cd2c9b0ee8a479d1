import { createHash, createHmac } from 'node:crypto';
import type { ServerCall } from './bulk-server.ts';

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/**
 * Checks a request as AWS does, from the published rules alone. @returns what is wrong, undefined when nothing is
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureProblem(call: ServerCall, secretKey: string, service: string, region: string) {
  const { method, path, headers, body } = call;
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
  const [, , day = '', signedRegion, signedService, names = '', signature] =
    pattern.exec(headers.authorization ?? '') ?? [];
  if (signature === undefined) return 'no signature';
  if (signedRegion !== region || signedService !== service) return `signed for ${signedRegion}/${signedService}`;
  if (headers['x-amz-content-sha256'] !== sha256(body)) return 'x-amz-content-sha256';
  for (const needed of ['host', 'x-amz-date', 'x-amz-content-sha256']) {
    if (!names.split(';').includes(needed)) return `${needed} is not signed`;
  }
  const url = new URL(path, 'http://127.0.0.1');
  const canonical = [
    method,
    url.pathname,
    [...url.searchParams]
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .sort()
      .join('&'),
    ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secretKey}`, day));
  return hmac(key, toSign).toString('hex') === signature ? undefined : 'signature';
}
