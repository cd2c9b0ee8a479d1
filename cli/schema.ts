import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { editorSchemaTexts } from '../function/core/severities/editor-schema.ts';
import { readCatalogue } from './catalogue.ts';
import type { Command } from './command.ts';

/** `schema`: overwrites `severities/schema/` of the package's folder. */
export const schemaCommand: Command = {
  takesInputs: false,
  options: {},
  async run(_args, io) {
    const folder = join(io.root, 'severities', 'schema');
    await mkdir(folder, { recursive: true });
    for (const [file, text] of Object.entries(editorSchemaTexts(await readCatalogue(io.root)))) {
      await writeFile(join(folder, file), text);
      io.say(`severities/schema/${file}`);
    }
    return 0;
  },
};
