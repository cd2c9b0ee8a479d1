import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { TrailbellError } from '../../core/errors.ts';
import type { Authorization } from './authorization.ts';

/** The SDK's client and the command it sends. */
export interface SecretsPort {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  readonly GetSecretValueCommand: typeof import('@aws-sdk/client-secrets-manager').GetSecretValueCommand;
}

/** Loads the Secrets Manager client; called when a secret is first needed. */
export type SecretsLoader = () => Promise<SecretsPort>;

/** Milliseconds to connect, and for one answer. */
const TIMEOUT = { connect: 1_000, request: 5_000 } as const;

/** A loader that builds the client once, at its first call, and keeps it for later invocations. */
export function secretsLoader(region: string): SecretsLoader {
  let port: Promise<SecretsPort> | undefined;
  return () => {
    port ??= loadSecrets(region).catch((error: unknown) => {
      port = undefined;
      throw error;
    });
    return port;
  };
}

async function loadSecrets(region: string): Promise<SecretsPort> {
  const { SecretsManagerClient, GetSecretValueCommand } = await import('./secrets-client.ts');
  const requestHandler = { connectionTimeout: TIMEOUT.connect, requestTimeout: TIMEOUT.request };
  return { client: new SecretsManagerClient({ region, requestHandler }), GetSecretValueCommand };
}

/** A secret's text: a user and a password, or the whole value of the header, for API keys and tokens. */
const secretSchema = z.union([
  z.object({ username: z.string().check(z.minLength(1)), password: z.string() }),
  z.object({ authorization: z.string().check(z.regex(/^[\x20-\x7e]+$/)) }),
]);

/** Thrown when a secret is not `{"username":…,"password":…}` nor `{"authorization":…}`; says nothing of what it is. */
export class SecretError extends TrailbellError {
  override readonly name = 'SecretError';
  constructor(secretArn: string) {
    super('invalid_settings', `the secret ${secretArn} is not JSON with username and password, or with authorization`);
  }
}

/**
 * The `Authorization` header that a Secrets Manager secret holds. It is read once and kept; a server that refuses it has
 * it read again, once, so that a rotated password is taken up.
 */
export function secretAuthorization(secretArn: string, load: SecretsLoader): Authorization {
  let header: Promise<string> | undefined;
  return {
    async headers() {
      header ??= readHeader(secretArn, load).catch((error: unknown) => {
        header = undefined;
        throw error;
      });
      return { authorization: await header };
    },
    renew() {
      header = undefined;
      return true;
    },
  };
}

async function readHeader(SecretId: string, load: SecretsLoader): Promise<string> {
  const { client, GetSecretValueCommand } = await load();
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  const secret = secretSchema.safeParse(jsonOf(SecretString));
  if (!secret.success) throw new SecretError(SecretId);
  if ('authorization' in secret.data) return secret.data.authorization;
  const { username, password } = secret.data;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the secret.
    return undefined;
  }
}
