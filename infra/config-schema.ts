import * as z from 'zod';
import { configSchema } from './config.ts';
import { CONFIG_WORDS } from './config-words.ts';

type JsonSchema = { readonly [key: string]: unknown };

/**
 * The JSON Schema of `infra/config.json` for editors: refuses what loading refuses, explains every setting. What needs a
 * look at two places of the file only synth finds.
 * @see https://json-schema.org/draft-07
 */
function configJsonSchema(): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'What the trailbell stack deploys, and who hears of it',
    ...(described(schema, '') as JsonSchema),
  };
}

/** `configJsonSchema` as the text of `infra/config.schema.json`. */
export function configSchemaText(): string {
  return `${JSON.stringify(configJsonSchema(), null, 1)}\n`;
}

/** The settings that no word explains, as `parent.name`. A test holds this to be empty. */
export function unexplainedSettings(): readonly string[] {
  const missing = new Set<string>();
  const visit = (node: unknown, parent: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'properties') visit(value, parent);
      else {
        for (const [name, inner] of Object.entries(value as object)) {
          if (wordsFor(parent, name) === undefined) missing.add(`${parent}.${name}`);
          visit(inner, name);
        }
      }
    }
  };
  visit(z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }), '');
  return [...missing];
}

function wordsFor(parent: string, name: string): string | undefined {
  return CONFIG_WORDS[parent === '' ? name : `${parent}.${name}`];
}

/** Puts the words on every property, however deep. */
function described(node: unknown, parent: string): unknown {
  if (Array.isArray(node)) return node.map((item) => described(item, parent));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'properties' ? describedProperties(value as JsonSchema, parent) : described(value, parent),
    ]),
  );
}

function describedProperties(properties: JsonSchema, parent: string): JsonSchema {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const description = wordsFor(parent, name);
      return [name, { ...(description && { description }), ...(described(value, name) as JsonSchema) }];
    }),
  );
}
