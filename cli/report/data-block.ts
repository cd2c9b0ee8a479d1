import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/**
 * Text as an element of the page that no browser runs: gzip as base64, whose letters can neither end the element nor be
 * markup, whatever the text holds.
 * @param id of the element; letters and digits
 */
export async function dataBlock(id: string, text: string): Promise<string> {
  const packed = await compress(text, { level: 6 });
  return `<script type="application/octet-stream" id="${id}">${packed.toString('base64')}</script>\n`;
}
