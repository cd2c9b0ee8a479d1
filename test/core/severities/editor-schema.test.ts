import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../../function/core/severities/catalogue.ts';
import { editorSchemas, editorSchemaTexts } from '../../../function/core/severities/editor-schema.ts';

const CATALOGUE: Catalogue = {
  sources: { 'sts.amazonaws.com': { write: 'AssumeRole' }, 'kms.amazonaws.com': { write: 'Encrypt Decrypt Decrypt' } },
};

type Node = { readonly [key: string]: unknown };

/** Every schema of a property in `node`, with where it stands; names the catalogue gave are not properties. */
function* propertiesOf(node: unknown, path: string): Iterable<[string, Node]> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (path === '' && (key === 'definitions' || key === 'allOf')) continue;
    if (key === 'properties')
      yield* Object.entries(value as Node).map(([name, schema]): [string, Node] => [`${path}/${name}`, schema as Node]);
    yield* propertiesOf(value, `${path}/${key}`);
  }
}

describe('editor schemas', () => {
  const schemas = editorSchemas(CATALOGUE);

  it.each(Object.entries(schemas))('%s says what it is and what every property means', (_file, schema) => {
    expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', title: expect.any(String) });
    const wordless = [...propertiesOf(schema, '')].filter(
      ([, property]) => typeof property['description'] !== 'string',
    );
    expect(wordless.map(([path]) => path)).toEqual([]);
  });

  it('offer the event names of the service a file is about, and accept others', () => {
    expect(schemas['service.json']).toMatchObject({
      allOf: [
        {
          if: { properties: { eventSource: { const: 'kms.amazonaws.com' } } },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
          then: { properties: { events: { $ref: '#/definitions/kms.amazonaws.com' } } },
        },
        { if: { properties: { eventSource: { const: 'sts.amazonaws.com' } } } },
      ],
      definitions: { 'kms.amazonaws.com': { properties: { Decrypt: {}, Encrypt: {} } } },
    });
    expect(Object.keys((schemas['service.json']['definitions'] as Node)['kms.amazonaws.com'] as Node)).toEqual([
      'properties',
    ]);
  });

  it('offer the event names of the service a selector is about, and accept others', () => {
    expect(schemas['event-names.json']).toMatchObject({
      definitions: {
        eventSource: { enum: ['kms.amazonaws.com', 'sts.amazonaws.com'] },
        'kms.amazonaws.com': { enum: ['Decrypt', 'Encrypt'] },
        eventNames: {
          allOf: [
            {
              // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
              then: {
                properties: { eventNames: { items: { anyOf: [{ $ref: '#/definitions/kms.amazonaws.com' }, {}] } } },
              },
            },
            {},
          ],
        },
      },
    });
    const names = { $ref: 'event-names.json#/definitions/eventNames' };
    for (const file of ['policy.json', 'local-policy.json'] as const) {
      expect(schemas[file]).toMatchObject({
        properties: {
          whitelist: { items: { allOf: [names] } },
          adjust: { items: { allOf: [names] } },
          deletions: { properties: { unless: { items: { allOf: [names] } } } },
        },
      });
    }
    expect(schemas['detection.json']).toMatchObject({ else: { allOf: [names] } });
  });

  it('ask a selector for one part at least', () => {
    expect(schemas['detection.json']).toMatchObject({
      else: { anyOf: [{ required: ['eventSource'] }, { required: ['eventNames'] }, {}, {}, {}, {}] },
    });
  });

  it('require the whole of a shipped policy, and nothing of a local one', () => {
    expect(schemas['policy.json']['required']).toEqual(['alertAt', 'logAt', 'deletions', 'failed', 'unlisted']);
    expect(schemas['local-policy.json']['required']).toBeUndefined();
  });

  it('are the same text for the same catalogue, in whatever order it stands', () => {
    const { sources } = CATALOGUE;
    const reversed = { sources: Object.fromEntries(Object.entries(sources).reverse()) };
    expect(editorSchemaTexts(reversed)).toEqual(editorSchemaTexts(CATALOGUE));
    for (const text of Object.values(editorSchemaTexts(CATALOGUE))) expect(text).toMatch(/^\{\n.*\}\n$/s);
  });

  it('stay below a megabyte each with all that AWS has', () => {
    const catalogue = JSON.parse(readFileSync(new URL('../../../severities/catalogue.json', import.meta.url), 'utf8'));
    for (const text of Object.values(editorSchemaTexts(catalogue))) expect(text.length).toBeLessThan(1_000_000);
  });
});
