import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, Checksum, Provider, SourceData } from '@smithy/types';
import type { Authorization } from './authorization.ts';

/** `es` signs for a domain, `aoss` for a serverless collection. */
export type SigningService = 'es' | 'aoss';

/** Who signs, and for what. */
export interface Signing {
  readonly service: SigningService;
  readonly region: string;
  /** Asked for every signature: the SDK's providers remember, and renew in time. */
  readonly credentials: Provider<AwsCredentialIdentity>;
}

/**
 * AWS Signature Version 4. The body's hash is a header of its own, which a serverless collection insists on.
 * @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-clients.html
 */
export function sigv4({ service, region, credentials }: Signing): Authorization {
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: true });
  return {
    async headers({ method, url, contentType, body }) {
      const { headers } = await signer.sign({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        // fetch writes the host itself, from the same address.
        headers: { host: url.host, 'content-type': contentType },
        body,
      });
      const { host: _, ...added } = headers;
      return added;
    },
    // Every attempt is signed anew.
    renew: () => false,
  };
}

/** Node's own SHA-256, as the signer asks for it. */
class Sha256 implements Checksum {
  readonly #secret: Uint8Array | undefined;
  #state: Hash | Hmac;

  constructor(secret?: SourceData) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#state = stateOf(this.#secret);
  }

  update(data: Uint8Array): void {
    this.#state.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#state.digest();
  }

  reset(): void {
    this.#state = stateOf(this.#secret);
  }
}

function stateOf(secret: Uint8Array | undefined): Hash | Hmac {
  return secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
}

function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
