import type { AwsCredentialIdentity, Provider } from '@smithy/types';
import type { IndexSettings } from '../index-settings.ts';
import { type SecretsLoader, secretsLoader } from '../sinks/http/secret.ts';
import type { Logger } from '../sinks/logger.ts';
import { type Access, openOutput } from '../sinks/open-output.ts';
import { type SqsLoader, sqsLoader } from '../sinks/sqs.ts';
import { type S3Loader, s3Loader } from '../sources/objects/s3.ts';
import type { Indexing } from './index-event.ts';

/** What the index function is made of besides its code. */
export interface IndexParts {
  readonly settings: IndexSettings;
  readonly logger: Logger;
  readonly credentials: Provider<AwsCredentialIdentity>;
  readonly now: () => Date;
  /** @default the SDK's client, loaded when needed */
  readonly loadS3?: S3Loader;
  /** @default the SDK's client, loaded when needed */
  readonly loadSqs?: SqsLoader;
  /** @default the SDK's client, loaded when needed */
  readonly loadSecrets?: SecretsLoader;
}

/** Wires the index function: records of objects to the output that the settings name. */
export function indexEnvironment(parts: IndexParts): Indexing {
  const { settings, logger, now, loadS3 = s3Loader(), loadSqs = sqsLoader() } = parts;
  const { deadLetterQueueUrl: queueUrl, functionName, region } = settings;
  return {
    output: openOutput({ ...settings, access: accessOf(parts) }),
    deadLetters: queueUrl === undefined ? undefined : { load: loadSqs, queueUrl },
    functionName,
    region,
    logger,
    loadS3,
    now,
  };
}

function accessOf({ settings, credentials, loadSecrets }: IndexParts): Access {
  const { authorization: kind, secretArn, region } = settings;
  if (kind === 'es' || kind === 'aoss') return { kind, region, credentials };
  if (secretArn === undefined) return { kind: 'none' };
  return { kind: 'secret', secretArn, load: loadSecrets ?? secretsLoader(secretArn.split(':')[3] ?? region) };
}
