import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** What runs in the page, and how it looks. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** Reads what the build left beside the command line; a checkout that runs its sources has none, and bundles it. */
export async function pageAssets(): Promise<PageAssets> {
  try {
    const text = await readFile(new URL('./report-page.json', import.meta.url), 'utf8');
    const { script, style }: Record<string, unknown> = JSON.parse(text);
    return { script: String(script), style: String(style) };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const { bundlePage } = await import('../bundle.mjs');
  return bundlePage(fileURLToPath(new URL('../..', import.meta.url)));
}
