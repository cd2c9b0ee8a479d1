import { describe, expect, test } from 'vitest';
import { setupRequests } from '../../../function/core/indexing/setup.ts';

const options = { prefix: 'cloudtrail', shards: 2, replicas: 1, retentionDays: 365 } as const;

describe('what an index is set up with', () => {
  test.each([
    ['opensearch', ['_plugins/_ism/policies/cloudtrail-retention', '_index_template/cloudtrail-records']],
    ['elasticsearch', ['_ilm/policy/cloudtrail-retention', '_index_template/cloudtrail-records']],
    ['serverless', ['_index_template/cloudtrail-records']],
  ] as const)('on %s is %j', (engine, paths) => {
    expect(setupRequests({ ...options, engine }).map(({ path }) => path)).toEqual(paths);
  });

  test('is a template alone where records are kept for ever', () => {
    for (const engine of ['opensearch', 'elasticsearch'] as const) {
      expect(setupRequests({ ...options, engine, retentionDays: undefined })).toHaveLength(1);
    }
  });

  test('has shards, replicas and the limit of fields as settings, none of which serverless knows', () => {
    const settingsOn = (engine: 'opensearch' | 'elasticsearch' | 'serverless') =>
      setupRequests({ ...options, engine }).at(-1)?.body;
    const counted = { number_of_shards: 2, number_of_replicas: 1, 'index.mapping.total_fields.limit': 8192 };
    expect(settingsOn('opensearch')).toMatchObject({
      index_patterns: ['cloudtrail-*'],
      template: { settings: counted },
    });
    expect(settingsOn('elasticsearch')).toMatchObject({
      template: { settings: { ...counted, 'index.lifecycle.name': 'cloudtrail-retention' } },
    });
    expect(JSON.stringify(settingsOn('serverless'))).toContain('"settings":{}');
  });

  test('keeps an index until its last record is as old as was asked for', () => {
    const [ism] = setupRequests({ ...options, engine: 'opensearch' });
    const [ilm] = setupRequests({ ...options, engine: 'elasticsearch' });
    expect(ism?.body).toMatchObject({
      policy: { default_state: 'kept', ism_template: [{ index_patterns: ['cloudtrail-*'] }] },
    });
    expect(JSON.stringify(ism?.body)).toContain('"min_index_age":"396d"');
    expect(JSON.stringify(ilm?.body)).toContain('"min_age":"396d"');
  });
});
