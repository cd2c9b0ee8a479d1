import { neutralise } from '../../function/core/neutral.ts';
import { AwsProblem, asking, awsErrorName } from '../aws/problem.ts';
import { PATIENCE } from './patience.ts';

/** An object of the bucket. */
export interface FailureObject {
  readonly key: string;
  readonly bytes: number;
  /** In ISO 8601. */
  readonly stored: string;
}

/** The bucket of failed invocations. Every method throws an AwsProblem when AWS refuses. */
export interface FailureBucket {
  /** What was stored before now; what fails while this is read is left for another time. */
  list(): AsyncIterable<FailureObject>;
  read(object: FailureObject): Promise<string>;
  delete(object: FailureObject): Promise<void>;
}

/** Opens the bucket, which must belong to the account: an object of somebody else's is an event of somebody else's. */
export async function openFailureBucket(
  Bucket: string,
  Prefix: string,
  region: string,
  account: string,
): Promise<FailureBucket> {
  const { S3Client, GetObjectCommand, DeleteObjectCommand, paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ region, ...PATIENCE });
  const owned = { Bucket, ExpectedBucketOwner: account };
  const ask = async <T>(permission: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await asking(permission, call);
    } catch (error) {
      if (awsErrorName(error) !== 'NoSuchBucket') throw error;
      const message = `there is no bucket ${neutralise(Bucket)} in ${account}: deploy first, or name it after --failures`;
      throw new AwsProblem(message, 'other', { cause: error });
    }
  };
  return {
    async *list() {
      const began = new Date();
      const pages = paginateListObjectsV2({ client }, { ...owned, Prefix })[Symbol.asyncIterator]();
      for (;;) {
        const { value, done } = await ask('s3:ListBucket', () => pages.next());
        if (done) return;
        for (const { Key = '', Size = 0, LastModified = began } of value.Contents ?? []) {
          if (LastModified <= began) yield { key: Key, bytes: Size, stored: LastModified.toISOString() };
        }
      }
    },
    async read({ key }) {
      return ask('s3:GetObject and kms:Decrypt', async () => {
        const { Body } = await client.send(new GetObjectCommand({ ...owned, Key: key }));
        return (await Body?.transformToString()) ?? '';
      });
    },
    async delete({ key }) {
      await ask('s3:DeleteObject', () => client.send(new DeleteObjectCommand({ ...owned, Key: key })));
    },
  };
}
