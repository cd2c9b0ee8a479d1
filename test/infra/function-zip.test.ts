import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { writeFunctionZip } from '../../infra/function-zip.ts';

const FILES = { 'index.mjs': 'export {}\n', 'a/ü.json': '{"ü":1}', 'B.mjs': '', 'z.mjs': 'x'.repeat(70_000) };

function folderOf(files: Readonly<Record<string, string>>, names = Object.keys(files)): string {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'));
  mkdirSync(join(folder, 'a'));
  for (const name of names) writeFileSync(join(folder, name), files[name]!);
  return folder;
}

function zipOf(folder: string): { readonly zip: Buffer; readonly sha256Base64: string; readonly bytes: number } {
  const file = join(mkdtempSync(join(tmpdir(), 'zip-')), 'function.zip');
  return { ...writeFunctionZip(folder, file), zip: readFileSync(file) };
}

/** Reads a zip from its end, as unzip does, checking every sum. */
function unzip(zip: Buffer): readonly { name: string; content: string; mode: number; time: number }[] {
  const end = zip.lastIndexOf('PK\x05\x06');
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    expect(zip.toString('latin1', at, at + 4)).toBe('PK\x01\x02');
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    expect(zip.toString('latin1', local, local + 4)).toBe('PK\x03\x04');
    expect(zip.subarray(local + 4, local + 30)).toEqual(zip.subarray(at + 6, at + 32));
    const from = local + 30 + nameLength;
    const content = zip.subarray(from, from + zip.readUInt32LE(at + 20));
    expect(zip.readUInt32LE(at + 16)).toBe(crc32(content));
    const entry = {
      name,
      content: content.toString(),
      mode: zip.readUInt32LE(at + 38) >>> 16,
      time: zip.readUInt32LE(at + 12),
    };
    at += 46 + nameLength;
    return entry;
  });
}

describe('the function zip', () => {
  test('holds every file, readable by all, in the order of names', () => {
    const entries = unzip(zipOf(folderOf(FILES)).zip);
    expect(entries.map(({ name, content }) => [name, content])).toEqual(
      ['B.mjs', 'a/ü.json', 'index.mjs', 'z.mjs'].map((name) => [name, FILES[name as keyof typeof FILES]]),
    );
    expect(new Set(entries.map(({ mode }) => mode))).toEqual(new Set([0o100644]));
  });

  test('has the same bytes from two folders on two days, and other bytes for other contents', () => {
    const first = zipOf(folderOf(FILES));
    const again = folderOf(FILES, Object.keys(FILES).reverse());
    utimesSync(join(again, 'index.mjs'), new Date('2020-01-01'), new Date('2020-01-01'));
    expect(zipOf(again).zip).toEqual(first.zip);
    expect(zipOf(folderOf({ ...FILES, 'index.mjs': 'export {};' })).sha256Base64).not.toBe(first.sha256Base64);
  });

  test('reports the hash Terraform compares and its size', () => {
    const { zip, sha256Base64, bytes } = zipOf(folderOf(FILES));
    expect(sha256Base64).toBe(createHash('sha256').update(zip).digest('base64'));
    expect(bytes).toBe(zip.length);
  });

  test('refuses an empty folder and a link, which would lead out of it', () => {
    expect(() => zipOf(folderOf({}))).toThrow('no file, expected the built function');
    const folder = folderOf(FILES);
    symlinkSync('/etc/hostname', join(folder, 'link'));
    expect(() => zipOf(folder)).toThrow('link is a link or a device');
  });
});
