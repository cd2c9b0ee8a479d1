import { createHash } from 'node:crypto';
import { neutralise } from '../../function/core/neutral.ts';
import type { PageAssets } from './page-assets.ts';

/** All that comes before the data. Nothing in it but `title` comes from outside. */
export function pageHead(title: string, { script, style }: PageAssets): string {
  // Trusted types: what makes markup of text throws.
  const policy = [
    `default-src 'none'`,
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${escapedText(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
<div id="page"><p class="loading" role="status">Unpacking the report…</p></div>
<noscript><p class="loading">This report is a program: it needs JavaScript, and nothing from a network.</p></noscript>
`;
}

/** All that comes after the data. */
export function pageEnd({ script }: PageAssets): string {
  return `<script>${script}</script>\n</body>\n</html>\n`;
}

/** Text as the content of an element: hostile characters made visible, the rest escaped. */
export function escapedText(text: string): string {
  return neutralise(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function hashOf(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
