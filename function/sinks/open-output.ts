import type { AwsCredentialIdentity, Provider } from '@smithy/types';
import { bulkOutput } from './bulk.ts';
import { type Authorization, noAuthorization } from './http/authorization.ts';
import { type SecretsLoader, secretAuthorization } from './http/secret.ts';
import { sigv4 } from './http/sigv4.ts';
import { httpLinesOutput } from './http-lines.ts';
import type { Output } from './output.ts';

/** How to be let in. */
export type Access =
  | { readonly kind: 'none' }
  | { readonly kind: 'es' | 'aoss'; readonly region: string; readonly credentials: Provider<AwsCredentialIdentity> }
  | { readonly kind: 'secret'; readonly secretArn: string; readonly load: SecretsLoader };

/** Which output, where, and how to be let in. */
export interface OutputParts {
  readonly output: 'bulk' | 'http-lines';
  readonly endpoint: URL;
  readonly access: Access;
  /** Of indices; only `bulk` has any. */
  readonly prefix: string;
  readonly raw: boolean;
  readonly maxBatchBytes: number;
  readonly maxBatchRecords: number;
}

/** The output that settings or a command line describe. Opens no connection. */
export function openOutput(parts: OutputParts): Output {
  const { endpoint, prefix, raw } = parts;
  const authorization = authorizationOf(parts.access);
  const target = { endpoint, authorization, maxBytes: parts.maxBatchBytes, maxLines: parts.maxBatchRecords };
  return parts.output === 'bulk' ? bulkOutput({ ...target, prefix, raw }) : httpLinesOutput(target);
}

/** What adds the headers that let requests in. */
export function authorizationOf(access: Access): Authorization {
  switch (access.kind) {
    case 'none':
      return noAuthorization;
    case 'secret':
      return secretAuthorization(access.secretArn, access.load);
    default: {
      const { kind: service, region, credentials } = access;
      return sigv4({ service, region, credentials });
    }
  }
}
