import type { S3Client } from '@aws-sdk/client-s3';
import { neutralise } from '../../function/core/neutral.ts';
import { AwsProblem, asking, awsErrorName } from '../aws/problem.ts';
import { PATIENCE } from '../redrive/patience.ts';

/** One page of a listing, in the order of the keys. */
export interface Page {
  readonly objects: readonly { readonly key: string; readonly bytes: number; readonly stored: Date | undefined }[];
  /** Names up to the next slash, with it. */
  readonly folders: readonly string[];
}

/** A bucket's listing. */
export class Bucket {
  readonly name: string;
  /** Requests made so far: they cost. */
  requests = 0;
  readonly #client: S3Client;
  readonly #paginate: typeof import('@aws-sdk/client-s3').paginateListObjectsV2;

  private constructor(
    name: string,
    client: S3Client,
    paginate: typeof import('@aws-sdk/client-s3').paginateListObjectsV2,
  ) {
    this.name = name;
    this.#client = client;
    this.#paginate = paginate;
  }

  /** Opens a bucket of any Region; the process must have one. */
  static async open(name: string): Promise<Bucket> {
    const { S3Client, paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
    const client = new S3Client({ ...PATIENCE, maxAttempts: 5, followRegionRedirects: true });
    return new Bucket(name, client, paginateListObjectsV2);
  }

  /**
   * Lists what begins with `prefix`, a thousand names a page.
   * @param after only names that come later
   * @throws {AwsProblem} when S3 refuses
   */
  async *pages(prefix: string, of: 'objects' | 'folders', after?: string): AsyncGenerator<Page> {
    const input = {
      Bucket: this.name,
      Prefix: prefix,
      ...(of === 'folders' && { Delimiter: '/' }),
      ...(after !== undefined && { StartAfter: after }),
    };
    const pages = this.#paginate({ client: this.#client }, input)[Symbol.asyncIterator]();
    for (;;) {
      const { value, done } = await this.#ask(() => pages.next());
      if (done) return;
      this.requests++;
      yield {
        objects: (value.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => {
          return { key: Key, bytes: Size, stored: LastModified };
        }),
        folders: (value.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix),
      };
    }
  }

  async #ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await asking(`s3:ListBucket in ${this.name}`, call);
    } catch (error) {
      if (awsErrorName(error) !== 'NoSuchBucket') throw error;
      throw new AwsProblem(`there is no bucket ${neutralise(this.name)}`, 'other', { cause: error });
    }
  }
}
