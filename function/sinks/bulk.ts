import { bulkLines, readBulkAnswer } from '../core/indexing/bulk.ts';
import { bodyOf, type DocumentOptions, indexOf } from '../core/indexing/document.ts';
import { plainIdOf } from '../core/record.ts';
import type { Authorization } from './http/authorization.ts';
import { below } from './http/endpoint.ts';
import { send } from './http/request.ts';
import type { Output } from './output.ts';
import { hashOf } from './record-hash.ts';

/** An index to write to, and how. */
export interface BulkTarget extends DocumentOptions {
  /** OpenSearch or Elasticsearch; `_bulk` is below it. */
  readonly endpoint: URL;
  readonly authorization: Authorization;
  readonly prefix: string;
  readonly maxBytes: number;
  readonly maxLines: number;
}

/**
 * Indexes records with OpenSearch or Elasticsearch: `_id` is the record's eventID, else a hash of it, so that a copy is
 * answered with 409 and an index holds each once.
 * @see https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
 */
export function bulkOutput({ endpoint, authorization, prefix, maxBytes, maxLines, raw }: BulkTarget): Output {
  const url = below(endpoint, '_bulk');
  return {
    name: 'bulk',
    maxBytes,
    maxLines,
    lineOf(source) {
      const { record } = source.read;
      if (record === undefined) return { unwritable: 'unreadable' in source.read ? source.read.unreadable : 'empty' };
      try {
        const id = plainIdOf(record) ?? hashOf(source);
        const index = indexOf(prefix, record);
        return { text: bulkLines({ index, id, body: bodyOf(record, { raw }) }), id, index };
      } catch (error) {
        if (error instanceof RangeError) return { unwritable: 'nested too deeply' };
        throw error;
      }
    },
    async post(body, lines, deadline) {
      const request = { method: 'POST', url, contentType: 'application/x-ndjson', body } as const;
      return readBulkAnswer(await send(request, authorization, deadline), lines);
    },
  };
}
