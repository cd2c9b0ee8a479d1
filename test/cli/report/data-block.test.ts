import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataBlock } from '../../../cli/report/data-block.ts';
import { escapedText, pageHead } from '../../../cli/report/page-parts.ts';
import { HOSTILE } from './many-findings.ts';

const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(HOSTILE, '</script>', '<!--', ']]>', ''));

describe('a data block', () => {
  it('is one element whatever its text, and gives the text back', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const block = await dataBlock('records0', text);
        const [, packed = ''] =
          /^<script type="application\/octet-stream" id="records0">([A-Za-z0-9+/=]*)<\/script>\n$/.exec(block) ?? [];
        expect(gunzipSync(Buffer.from(packed, 'base64')).toString()).toBe(Buffer.from(text).toString());
      }),
    );
  });
});

describe('text in the page itself', () => {
  it('holds no markup, no quote and no hostile character', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(escapedText(text)).not.toMatch(/[<>"'\p{Cc}\p{Cf}]|&(?!#\d+;)/u);
      }),
    );
  });

  it('is allowed to run nothing but the program, and to fetch nothing', () => {
    const head = pageHead('November', { script: 'a', style: 'b' });
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(head) ?? [];
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='",
      "style-src 'sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0='",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(head).not.toMatch(/ style=| on\w+=|javascript:|https?:/i);
    expect(head.match(/<script/g)).toBeNull();
  });
});
