import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGunzip, createGzip, gzipSync } from 'node:zlib';
import { median } from './throughput.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const REAL_RECORDS = fileURLToPath(new URL('../../../shared/data/records.ndjson.gz', import.meta.url));
const FLOOR = fileURLToPath(new URL('replay-floor.mjs', import.meta.url));

const ROUNDS = Number(process.env['REPLAY_ROUNDS'] ?? 5);
/** Records whose throughput is measured, in one stream and in files of 500. */
const RECORDS = Number(process.env['REPLAY_THROUGHPUT_RECORDS'] ?? 200_000);
const PER_FILE = 500;
/** Records whose memory is measured; 0 leaves it out. */
const MANY = Number(process.env['REPLAY_RECORDS'] ?? 0);

/** Tells, as the last thing of a process, what it took. */
const TELL =
  "import{isMainThread as m}from'node:worker_threads';if(m)process.on('exit',()=>{const u=process.resourceUsage();" +
  "process.stderr.write('\\nTAKEN '+(u.userCPUTime+u.systemCPUTime)+' '+u.maxRSS+'\\n')})";

/** What a process took. */
interface Taken {
  readonly seconds: number;
  /** Of all its threads. */
  readonly processorSeconds: number;
  readonly peakBytes: number;
  readonly stdout: string;
}

if (!existsSync(REAL_RECORDS)) {
  process.stdout.write('skipped: ../shared/data/records.ndjson.gz is not there, whose records are repeated\n');
} else await bench();

async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'trailbell-bench-'));
  try {
    const lines = await realLines();
    const jobs = availableParallelism();
    if (RECORDS > 0) {
      const stream = join(folder, 'stream.ndjson.gz');
      await writeStream(stream, lines, RECORDS);
      const files = await writeFiles(folder, lines, RECORDS);
      await compare('one stream, to the floor of one core', ['stream', '1', stream], [stream]);
      await compare(
        `${files.length} files, ${jobs} threads each`,
        ['files', String(jobs), ...files],
        [join(folder, 'files')],
      );
    }
    if (MANY > 0) {
      const many = join(folder, 'many.ndjson.gz');
      await writeStream(many, lines, MANY);
      const { seconds, peakBytes, stdout } = await replay([many]);
      const { received, published } = JSON.parse(stdout);
      const figures = `${received} records, ${published} findings in ${seconds.toFixed(0)} s`;
      process.stdout.write(`${figures}: ${Math.round(received / seconds)} a second, ${mega(peakBytes)} MB at most\n`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Floor and replay in turns. */
async function compare(name: string, floorArguments: readonly string[], inputs: readonly string[]): Promise<void> {
  const wall: number[] = [];
  const processor: number[] = [];
  const rates: number[] = [];
  let peak = 0;
  for (let round = -1; round < ROUNDS; round++) {
    const floor = await run([FLOOR, ...floorArguments]);
    const replayed = await replay(inputs);
    if (round < 0) continue;
    wall.push(floor.seconds / replayed.seconds);
    processor.push(floor.processorSeconds / replayed.processorSeconds);
    rates.push(RECORDS / replayed.seconds);
    peak = Math.max(peak, replayed.peakBytes);
  }
  process.stdout.write(
    `${name}: ${round2(median(wall))} by the clock, ${round2(median(processor))} by processor time (aim: 0.7); ` +
      `${Math.round(median(rates))} records a second, ${mega(peak)} MB at most\n`,
  );
}

function replay(inputs: readonly string[]): Promise<Taken> {
  return run([join(ROOT, 'cli', 'trailbell.mjs'), 'replay', '--json', ...inputs]);
}

async function run(args: readonly string[]): Promise<Taken> {
  const begun = performance.now();
  const child = spawn(process.execPath, [`--import=data:text/javascript,${encodeURIComponent(TELL)}`, ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const seconds = (performance.now() - begun) / 1_000;
  const [, micros, kilobytes] = /TAKEN (\d+) (\d+)\n$/.exec(stderr) ?? [];
  if (code !== 0 || micros === undefined) throw new Error(`${args.join(' ').slice(0, 200)}: ${stderr}`);
  return { seconds, processorSeconds: Number(micros) / 1e6, peakBytes: Number(kilobytes) * 1024, stdout };
}

async function realLines(): Promise<readonly string[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(REAL_RECORDS).pipe(createGunzip())) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8').trimEnd().split('\n');
}

/** The real records over and over, each with an eventID of its own, each round a day later. */
function* repeated(lines: readonly string[], records: number): Generator<string> {
  for (let index = 0; index < records; index++) {
    const days = Math.floor(index / lines.length);
    const id = `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
    yield (lines[index % lines.length] ?? '')
      .replace(/"eventID":"[^"]*"/, () => `"eventID":"${id}"`)
      .replace(/"eventTime":"(\d{4}-\d\d-\d\d)T/, (_, day) => `"eventTime":"${later(day, days)}T`);
  }
}

function later(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

async function writeStream(file: string, lines: readonly string[], records: number): Promise<void> {
  function* chunks() {
    let chunk: string[] = [];
    for (const line of repeated(lines, records)) {
      chunk.push(line);
      if (chunk.length < 500) continue;
      yield `${chunk.join('\n')}\n`;
      chunk = [];
    }
    yield chunk.map((line) => `${line}\n`).join('');
  }
  await pipeline(Readable.from(chunks()), createGzip({ level: 1 }), createWriteStream(file));
}

async function writeFiles(folder: string, lines: readonly string[], records: number): Promise<string[]> {
  const files: string[] = [];
  const { mkdir } = await import('node:fs/promises');
  await mkdir(join(folder, 'files'));
  let records_: string[] = [];
  const write = async () => {
    const file = join(folder, 'files', `${String(files.length).padStart(6, '0')}.json.gz`);
    await writeFile(file, gzipSync(`{"Records":[${records_.join(',')}]}`));
    files.push(file);
    records_ = [];
  };
  for (const line of repeated(lines, records)) if (records_.push(line) === PER_FILE) await write();
  if (records_.length > 0) await write();
  return files;
}

function mega(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function round2(figure: number): number {
  return Math.round(figure * 100) / 100;
}
