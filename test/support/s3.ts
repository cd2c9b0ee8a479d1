import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { buildApp } from 'fauxqs';
import type { S3Loader } from '../../function/sources/objects/s3.ts';

const CONFIG = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' },
  forcePathStyle: true,
  maxAttempts: 1,
  responseChecksumValidation: 'WHEN_REQUIRED',
} as const;

/** A bucket on loopback. */
export interface TestBucket {
  readonly endpoint: string;
  readonly load: S3Loader;
  /** Every key that was asked for, in order. */
  readonly asked: readonly string[];
  put(key: string, body: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A CloudTrail file as it lies in a bucket. */
export function trailFile(records: readonly unknown[]): Buffer {
  return gzipSync(JSON.stringify({ Records: records }));
}

/** Starts an S3 with one bucket on a free port of 127.0.0.1. */
export async function startBucket(Bucket: string): Promise<TestBucket> {
  const app = buildApp({ logger: false, defaultRegion: 'eu-central-1' });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const client = new S3Client({ ...CONFIG, endpoint });
  await client.send(new CreateBucketCommand({ Bucket }));
  const asked: string[] = [];
  const send: typeof client.send = async (command: { input: { Key?: string } }, options: object) => {
    asked.push(command.input.Key ?? '');
    return client.send(command as never, options as never);
  };
  return {
    endpoint,
    asked,
    load: async () => ({ client: { send }, GetObjectCommand }),
    async put(Key, Body) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    },
    async close() {
      client.destroy();
      await app.close();
    },
  };
}

/** What S3 says to one request: an object; an error; half an object, then nothing or a cut; or nothing at all. */
export type S3Answer = Uint8Array | { readonly status: number; readonly code: string } | 'cut' | 'stall' | 'silence';

/** An S3 that gives or refuses as told. */
export interface S3Stub {
  readonly endpoint: string;
  readonly load: S3Loader;
  /** Path and query of every request. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/**
 * Serves GetObject on a free port of 127.0.0.1. @param script decides an answer; `index` counts the requests from 0
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export async function startS3Stub(script: (path: string, index: number) => S3Answer): Promise<S3Stub> {
  const requests: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    requests.push(url);
    const said = script(decodeURIComponent(url), requests.length - 1);
    if (said === 'silence') return;
    if (said === 'cut' || said === 'stall') {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('x'.repeat(500), () => said === 'cut' && response.destroy());
    } else if ('code' in said) {
      response.writeHead(said.status, { 'Content-Type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${said.code}</Code><Message>refused</Message></Error>`);
    } else response.end(said);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new S3Client({ ...CONFIG, endpoint });
  return {
    endpoint,
    requests,
    load: async () => ({ client, GetObjectCommand }),
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
