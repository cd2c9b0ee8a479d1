import { describe, expect, it } from 'vitest';
import { type SourceFile, sourceFiles } from './source-files.ts';

const DECLARATION =
  /^export (?:declare |abstract |async )*(?:function\*?|const|let|class|interface|type) +(?<name>[A-Za-z_$][\w$]*)/;

/** Exported declarations without a docstring that ends on the line above. */
function undocumented({ path, lines }: SourceFile): string[] {
  const seen = new Set<string>();
  return lines.flatMap((line, index) => {
    const name = DECLARATION.exec(line)?.groups?.['name'];
    if (name === undefined || seen.has(name)) return [];
    seen.add(name);
    return isDocstringEnd(lines, index - 1) ? [] : [`${path}:${index + 1} ${name}`];
  });
}

function isDocstringEnd(lines: readonly string[], end: number): boolean {
  if (!lines[end]?.trimEnd().endsWith('*/')) return false;
  for (let at = end; at >= 0; at--) {
    const line = lines[at]?.trimStart() ?? '';
    if (line.startsWith('/**')) return line !== '/***/' && line !== '/** */';
    if (!line.startsWith('*')) return false;
  }
  return false;
}

const found = (text: string) => undocumented({ path: 'x.ts', lines: text.split('\n') });

describe('the reading of docstrings', () => {
  it.each([
    '/** One. */\nexport const a = 1;',
    '/**\n * Two\n * lines.\n */\nexport async function a() {}',
    '/** An overload. */\nexport function a(b: 1): 1;\nexport function a(b: 2): 2;',
    'const a = 1;',
    "export { a } from './a.ts';",
  ])('has nothing against %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    'export const a = 1;',
    '// A comment.\nexport const a = 1;',
    '/* A comment. */\nexport interface a {}',
    '/** */\nexport type a = 1;',
    '/** Of another. */\nconst b = 1;\nexport function* a() {}',
    '/** Too far away. */\n\nexport abstract class a {}',
  ])('finds %j', (text) => {
    expect(found(text)).toEqual([expect.stringMatching(/ a$/)]);
  });
});

describe('exported declarations', () => {
  it.each(['function', 'cli'])('of %s/ each have a docstring', (folder) => {
    expect(sourceFiles(folder).flatMap(undocumented)).toEqual([]);
  });
});
