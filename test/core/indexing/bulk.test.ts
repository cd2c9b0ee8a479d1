import { describe, expect, test } from 'vitest';
import { bulkLines, readBulkAnswer } from '../../../function/core/indexing/bulk.ts';

const item = (status: number, type?: string, reason?: string) => ({
  create: { _index: 'cloudtrail-2026-11', _id: 'a', status, ...(type && { error: { type, reason } }) },
});
const answered = (...items: readonly unknown[]) => ({ status: 200, text: JSON.stringify({ errors: true, items }) });

describe('a document in a bulk request', () => {
  test('is a create and its source, a line each', () => {
    const lines = bulkLines({ index: 'cloudtrail-2026-11', id: 'a"b', body: { eventName: 'x\ny' } });
    expect(lines).toBe('{"create":{"_index":"cloudtrail-2026-11","_id":"a\\"b"}}\n{"eventName":"x\\ny"}\n');
  });
});

describe('an item of a bulk answer', () => {
  test.each([
    ['created', item(201), 'taken'],
    ['there before', item(409, 'version_conflict_engine_exception', 'exists'), 'repeated'],
    ['rejected by a busy node', item(429, 'rejected_execution_exception', 'queue full'), 'again'],
    ['met by trouble inside', item(503, 'unavailable_shards_exception', 'primary gone'), 'again'],
    ['not to be mapped', item(400, 'mapper_parsing_exception', 'failed to parse'), 'refused'],
    ['over the limit of fields', item(400, 'illegal_argument_exception', 'Limit of total fields [8192]'), 'refused'],
    ['without room for shards', item(400, 'validation_exception', 'maximum shards open'), 'closed'],
    ['for a read-only index', item(403, 'cluster_block_exception', 'FORBIDDEN/12/index read-only'), 'closed'],
    ['for an index that may not come into being', item(404, 'index_not_found_exception', 'no such index'), 'closed'],
    ['of another operation', { index: { status: 201 } }, 'taken'],
    ['without a status', { create: {} }, 'again'],
    ['that is nothing', null, 'again'],
  ])('%s', (_, one, kind) => {
    expect(readBulkAnswer(answered(one), 1)).toMatchObject({ kind: 'lines', lines: [{ kind }] });
  });

  test('carries what the server said, with its cause', () => {
    const error = {
      type: 'mapper_parsing_exception',
      reason: 'failed to parse field',
      caused_by: { reason: 'a word' },
    };
    expect(readBulkAnswer(answered({ create: { status: 400, error } }), 1)).toMatchObject({
      lines: [{ reason: '400: mapper_parsing_exception: failed to parse field: a word' }],
    });
    const long = readBulkAnswer(answered(item(400, 'x', 'y'.repeat(5_000))), 1);
    expect(JSON.stringify(long).length).toBeLessThan(700);
  });
});

describe('a whole answer', () => {
  test.each([
    [{ status: 0, text: 'ECONNRESET' }, 'again'],
    [{ status: 429, text: '' }, 'again'],
    [{ status: 500, text: '' }, 'again'],
    [{ status: 503, text: '' }, 'again'],
    [{ status: 408, text: '' }, 'again'],
    [{ status: 413, text: '' }, 'split'],
    [{ status: 400, text: '' }, 'split'],
    [{ status: 401, text: '' }, 'closed'],
    [{ status: 403, text: '' }, 'closed'],
    [{ status: 404, text: '' }, 'closed'],
    [{ status: 301, text: '' }, 'closed'],
    [{ status: 200, text: '<html>' }, 'again'],
    [{ status: 200, text: '{}' }, 'again'],
    [answered(item(201)), 'again'],
  ])('%j of two documents means %s', (answer, kind) => {
    expect(readBulkAnswer(answer, 2)).toMatchObject({ kind });
  });
});
