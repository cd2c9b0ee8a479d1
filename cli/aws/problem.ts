import { neutralise } from '../../function/core/neutral.ts';
import type { ExitCode, Io } from '../command.ts';

/** Why AWS gave no answer. `other` is whatever the rest of the code does not treat apart. */
export type Refusal = 'denied' | 'no credentials' | 'unreachable' | 'other';

/**
 * Thrown when AWS, the way to it or a program that talks to it does not let a command go on. The message is for people:
 * what was refused, and what to do.
 */
export class AwsProblem extends Error {
  override readonly name = 'AwsProblem';
  readonly refusal: Refusal;

  constructor(message: string, refusal: Refusal = 'other', options?: ErrorOptions) {
    super(message, options);
    this.refusal = refusal;
  }
}

/** Runs a command's work; an AwsProblem becomes a sentence and exit code 1. */
export async function sayingProblems(io: Io, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsProblem)) throw error;
    io.say(`trailbell: ${error.message}`);
    return 1;
  }
}

/**
 * Makes one API call. @param permission the IAM action it needs, as a policy names it
 * @throws {AwsProblem} naming the permission, the missing credentials, or the endpoint that did not answer
 */
export async function asking<T>(permission: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const refusal = refusalOf(cause);
    throw new AwsProblem(sentenceOf(permission, refusal, cause), refusal, { cause });
  }
}

/** As `asking`, but a missing permission gives undefined. */
export async function askingIfAllowed<T>(permission: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await asking(permission, call);
  } catch (error) {
    if (error instanceof AwsProblem && error.refusal === 'denied') return undefined;
    throw error;
  }
}

/** The name AWS gave an error, such as `AWSOrganizationsNotInUseException`. */
export function awsErrorName(error: unknown): string {
  const cause = error instanceof AwsProblem ? error.cause : error;
  return cause instanceof Error ? cause.name : '';
}

const DENIED = /^(AccessDenied|AuthorizationError|UnauthorizedOperation|NotAuthorized|KMSAccessDenied)/;
const CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|MissingAuthenticationToken|InvalidAccessKeyId)/;
const NETWORK = /^(ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;

function refusalOf(error: unknown): Refusal {
  const name = awsErrorName(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (DENIED.test(name)) return 'denied';
  if (CREDENTIALS.test(name)) return 'no credentials';
  return name === 'TimeoutError' || NETWORK.test(code) ? 'unreachable' : 'other';
}

function sentenceOf(permission: string, refusal: Refusal, error: unknown): string {
  const said = neutralise(error instanceof Error ? error.message : String(error));
  switch (refusal) {
    case 'denied':
      return `the credentials in use may not ${permission}; add this permission and try again (AWS says: ${said})`;
    case 'no credentials':
      return `no usable AWS credentials: sign in (aws sso login), or set AWS_PROFILE or the AWS_* variables (${said})`;
    case 'unreachable':
      return `AWS did not answer ${permission}: check the network, the proxy and the Region (${said})`;
    case 'other':
      if (said.includes('Region is missing')) return 'no Region: give --region, or set AWS_REGION';
      return `AWS refused ${permission}: ${neutralise(awsErrorName(error))}: ${said}`;
  }
}
