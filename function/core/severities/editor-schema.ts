import * as z from 'zod';
import { type Catalogue, namesOf } from './catalogue.ts';
import { PROPERTY_WORDS } from './property-words.ts';
import * as schemas from './schema.ts';

type JsonSchema = { readonly [key: string]: unknown };

/** The files under `severities/schema/`. `event-names.json` is what the others complete names from. */
export type EditorSchemaFile =
  | 'service.json'
  | 'policy.json'
  | 'local-policy.json'
  | 'detection.json'
  | 'accounts.json'
  | 'event-names.json';

/**
 * JSON Schemas for editors. They complete what the catalogue knows and accept what it does not, and refuse no file that
 * loads; what only loading finds (syntax of conditions, ids used twice) they let pass.
 * @see https://json-schema.org/draft-07
 */
export function editorSchemas(catalogue: Catalogue): Readonly<Record<EditorSchemaFile, JsonSchema>> {
  const namesBySource = Object.entries(catalogue.sources)
    .map(([source, names]): [string, readonly string[]] => [source, namesOf(names)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    'service.json': documented('One service: its events and their severities', {
      ...generated(schemas.serviceSchema),
      allOf: namesBySource.map(([source]) => whenSourceIs(source, { events: { $ref: `#/definitions/${source}` } })),
      definitions: Object.fromEntries(
        namesBySource.map(([source, names]) => [
          source,
          { properties: Object.fromEntries(names.map((name) => [name, {}])) },
        ]),
      ),
    }),
    'policy.json': documented('What is whitelisted, adjusted, a deletion', generated(schemas.policySchema)),
    'local-policy.json': documented('Your changes to the policy', generated(schemas.localPolicySchema)),
    'detection.json': documented('A detection, or in local/ an override of one', {
      type: 'object',
      if: { required: ['override'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { ...generated(schemas.detectionOverrideSchema), anyOf: anyRequired(['severity', 'stage']) },
      else: generated(schemas.detectionSchema),
    }),
    'accounts.json': documented('What people call each account', accountsWithReference()),
    'event-names.json': documented('The event names AWS has', {
      definitions: {
        eventSource: { enum: namesBySource.map(([source]) => source) },
        eventNames: {
          allOf: namesBySource.map(([source]) =>
            whenSourceIs(source, { eventNames: { items: { anyOf: [{ $ref: `#/definitions/${source}` }, {}] } } }),
          ),
        },
        ...Object.fromEntries(namesBySource.map(([source, names]) => [source, { enum: names }])),
      },
    }),
  };
}

/** `editorSchemas` as the text of each file: equal catalogues give equal text. */
export function editorSchemaTexts(catalogue: Catalogue): Readonly<Record<EditorSchemaFile, string>> {
  const texts = Object.entries(editorSchemas(catalogue)).map(([file, schema]) => [
    file,
    `${JSON.stringify(schema, null, 1)}\n`,
  ]);
  return Object.fromEntries(texts) as Record<EditorSchemaFile, string>;
}

function documented(title: string, schema: JsonSchema): JsonSchema {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, ...schema };
}

function generated(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return completed(rest, '') as JsonSchema;
}

// A property `$schema` is dropped before the accounts are read, so it needs no account id's form.
function accountsWithReference(): JsonSchema {
  const accounts = generated(schemas.accountsSchema);
  return {
    ...accounts,
    properties: { $schema: completedProperty('$schema', { type: 'string' }, '') },
    propertyNames: { anyOf: [{ const: '$schema' }, accounts.propertyNames] },
  };
}

function whenSourceIs(source: string, properties: JsonSchema): JsonSchema {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  return { if: { properties: { eventSource: { const: source } }, required: ['eventSource'] }, then: { properties } };
}

function anyRequired(names: readonly string[]): JsonSchema[] {
  return names.map((name) => ({ required: [name] }));
}

/** Adds to a generated schema what an editor shows and offers, and the rule on selectors, which zod does not express. */
function completed(node: unknown, parent: string): unknown {
  if (Array.isArray(node)) return node.map((item) => completed(item, parent));
  if (typeof node !== 'object' || node === null) return node;
  const { properties, ...keywords } = node as JsonSchema;
  const schema = Object.fromEntries(Object.entries(keywords).map(([name, value]) => [name, completed(value, parent)]));
  if (typeof properties !== 'object' || properties === null) return schema;
  const described = Object.entries(properties).map(([name, value]) => [name, completedProperty(name, value, parent)]);
  return { ...schema, properties: Object.fromEntries(described), ...(isSelector(properties) && SELECTOR_RULE) };
}

function completedProperty(name: string, value: unknown, parent: string): JsonSchema {
  const description = PROPERTY_WORDS[`${parent}.${name}`] ?? PROPERTY_WORDS[name];
  return {
    ...(description && { description }),
    ...(completed(value, name) as JsonSchema),
    ...(name === 'eventSource' && { anyOf: [{ $ref: 'event-names.json#/definitions/eventSource' }, {}] }),
  };
}

const SELECTOR_RULE: JsonSchema = {
  anyOf: anyRequired(schemas.SELECTOR_PARTS),
  allOf: [{ $ref: 'event-names.json#/definitions/eventNames' }],
};

function isSelector(properties: object): boolean {
  return schemas.SELECTOR_PARTS.every((part) => part in properties);
}
