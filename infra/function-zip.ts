import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** 1980-01-01 00:00:00, the earliest time a zip can say. */
const TIME = 0;
const DATE = 0x21;
/** Names are UTF-8. */
const FLAGS = 0x800;
/** What Lambda takes in one request; beyond it a zip must come from a bucket. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_BYTES = 50 * 1024 * 1024;

/**
 * Zips every file of a folder. The bytes depend on nothing but the names and contents: sorted names, one time, one mode
 * (readable by all, which Lambda needs), and nothing compressed, because two builds of zlib deflate differently.
 * @returns the base64 of SHA-256 that Lambda reports as `CodeSha256`, and the size in bytes
 * @throws {Error} when the folder holds no file or something that is neither file nor folder, or the zip is over 50 MB
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function writeFunctionZip(folder: string, file: string): { sha256Base64: string; bytes: number } {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const name of filesOf(folder)) {
    const content = readFileSync(join(folder, ...name.split('/')));
    const path = Buffer.from(name);
    const entry = entryOf(content, path);
    central.push(centralHeader(entry, offset), path);
    locals.push(localHeader(entry), path, content);
    offset += 30 + path.length + content.length;
  }
  const directory = Buffer.concat(central);
  const zip = Buffer.concat([...locals, directory, endOf(central.length / 2, directory.length, offset)]);
  if (zip.length > MAX_BYTES) {
    throw new Error(`zip of ${folder}: ${zip.length} bytes, expected at most ${MAX_BYTES}: Lambda takes no more`);
  }
  writeFileSync(file, zip);
  return { sha256Base64: createHash('sha256').update(zip).digest('base64'), bytes: zip.length };
}

/** Paths below the folder with forward slashes, in the order of their code units. */
function filesOf(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const entry = lstatSync(join(folder, name));
    if (entry.isFile()) return true;
    if (entry.isDirectory()) return false;
    throw new Error(`zip of ${folder}: ${name} is a link or a device, expected files and folders`);
  });
  if (names.length === 0) throw new Error(`zip of ${folder}: no file, expected the built function`);
  return names.map((name) => name.split(sep).join('/')).sort();
}

/** What both headers of a file share: version needed, flags, method, time, checksum, sizes, length of the name. */
function entryOf(content: Buffer, path: Buffer): Buffer {
  const entry = Buffer.alloc(26);
  entry.writeUInt16LE(20, 0);
  entry.writeUInt16LE(FLAGS, 2);
  entry.writeUInt16LE(TIME, 6);
  entry.writeUInt16LE(DATE, 8);
  entry.writeUInt32LE(crc32(content), 10);
  entry.writeUInt32LE(content.length, 14);
  entry.writeUInt32LE(content.length, 18);
  entry.writeUInt16LE(path.length, 22);
  return entry;
}

function localHeader(entry: Buffer): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04'), entry]);
}

function centralHeader(entry: Buffer, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.write('PK\x01\x02', 0);
  // Made on Unix, so that the mode counts.
  header.writeUInt16LE((3 << 8) | 20, 4);
  entry.copy(header, 6);
  header.writeUInt32LE(0o100644 * 0x10000, 38);
  header.writeUInt32LE(offset, 42);
  return header;
}

function endOf(files: number, directoryBytes: number, directoryOffset: number): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0);
  end.writeUInt16LE(files, 8);
  end.writeUInt16LE(files, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(directoryOffset, 16);
  return end;
}

// The one in node:zlib is younger than the oldest Node a stack is synthesised with.
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

function crc32(content: Buffer): number {
  let remainder = 0xffffffff;
  for (const byte of content) remainder = (remainder >>> 8) ^ CRC_TABLE[(remainder ^ byte) & 0xff]!;
  return (remainder ^ 0xffffffff) >>> 0;
}
