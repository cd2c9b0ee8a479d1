import { isObject, textOf } from '../record.ts';
import { type BatchAnswer, type HttpAnswer, isPassing, type LineAnswer, reasonOf, refusalOf } from './answer.ts';
import type { IndexDocument } from './document.ts';

/**
 * A document as a `_bulk` request has it: the action and the source, a line each. `create`, not `index`: a second copy is
 * answered with 409 and costs no write.
 * @throws {RangeError} for a document nested deeper than the stack
 * @see https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
 */
export function bulkLines({ index, id, body }: IndexDocument): string {
  return `{"create":{"_index":${JSON.stringify(index)},"_id":${JSON.stringify(id)}}}\n${JSON.stringify(body)}\n`;
}

/**
 * Reads the answer to a `_bulk` request of so many documents. Its status is 200 even when every document failed, so each
 * one's own result counts; an answer that does not speak of each of them confirms none.
 */
export function readBulkAnswer(answer: HttpAnswer, documents: number): BatchAnswer {
  const refusal = refusalOf(answer);
  if (refusal) return refusal;
  const items = itemsOf(answer.text);
  if (items?.length !== documents) return { kind: 'again', reason: 'an answer that is not to a bulk request' };
  return { kind: 'lines', lines: items.map(readItem) };
}

function itemsOf(text: string): readonly unknown[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const items = isObject(value) ? value['items'] : undefined;
  return Array.isArray(items) ? items : undefined;
}

/** What says that the cluster is full or closed; the document is as good as any. */
const OF_THE_CLUSTER = new Set(['validation_exception', 'cluster_block_exception', 'index_create_block_exception']);

function readItem(item: unknown): LineAnswer {
  const result = isObject(item) ? (item['create'] ?? item['index']) : undefined;
  const status = isObject(result) ? result['status'] : undefined;
  if (!isObject(result) || typeof status !== 'number') return { kind: 'again', reason: 'an item without a status' };
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status === 409) return { kind: 'repeated' };
  const error = isObject(result['error']) ? result['error'] : {};
  const cause = isObject(error['caused_by']) ? error['caused_by'] : {};
  const type = textOf(error['type']) ?? '';
  const reason = reasonOf(String(status), type, textOf(error['reason']) ?? '', textOf(cause['reason']) ?? '');
  if (isPassing(status)) return { kind: 'again', reason };
  return { kind: status === 400 && !OF_THE_CLUSTER.has(type) ? 'refused' : 'closed', reason };
}
