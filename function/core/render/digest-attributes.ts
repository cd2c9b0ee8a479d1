import type { Digest } from '../digest.ts';
import type { MessageAttribute } from './attributes.ts';

/** Most bytes of one attribute's values together: eight such leave room for the message. */
const MAX_VALUES_BYTES = 5_000;

/**
 * The attributes of a digest: those its findings would have carried, so that every filter policy that would have let one
 * of them through lets the digest through. What differs between them is a `String.Array`, of which SNS matches any.
 * @see https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
 */
export function digestAttributes({ window, held }: Digest): Record<string, MessageAttribute> {
  const values = new Map<string, { isArray: boolean; texts: Set<string> }>();
  const add = (name: string, { DataType, StringValue }: MessageAttribute) => {
    const known = values.get(name) ?? { isArray: false, texts: new Set() };
    values.set(name, known);
    if (DataType === 'String') known.texts.add(StringValue);
    else {
      known.isArray = true;
      for (const text of textsIn(StringValue)) known.texts.add(text);
    }
  };
  const seen = new Set<string>();
  for (const { attributes = {}, severity } of [window, ...held]) {
    add('severity', { DataType: 'String', StringValue: severity });
    for (const [name, attribute] of Object.entries(attributes)) {
      const key = JSON.stringify([name, attribute.DataType, attribute.StringValue]);
      if (!seen.has(key)) add(name, attribute);
      seen.add(key);
    }
  }
  return Object.fromEntries([...values].map(([name, { isArray, texts }]) => [name, attributeOf([...texts], isArray)]));
}

function attributeOf(texts: readonly string[], isArray: boolean): MessageAttribute {
  const [only = ''] = texts;
  if (!isArray && texts.length === 1) return { DataType: 'String', StringValue: only };
  let bytes = 2;
  const fitting = texts.filter((text) => {
    bytes += Buffer.byteLength(JSON.stringify(text)) + 1;
    return bytes <= MAX_VALUES_BYTES;
  });
  return { DataType: 'String.Array', StringValue: JSON.stringify(fitting) };
}

function textsIn(array: string): string[] {
  try {
    const values: unknown = JSON.parse(array);
    return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
  } catch (error) {
    // One row that cannot be read would otherwise hold up the digest for good.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
