// What every replay must do at least, in a process of its own: read, unpack, parse.
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createGunzip, gunzipSync } from 'node:zlib';

/** @param {string} file */
async function parseLines(file) {
  const gunzip = createGunzip({ chunkSize: 512 * 1024 });
  gunzip.end(readFileSync(file));
  let rest = '';
  let records = 0;
  for await (const chunk of gunzip.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      JSON.parse(line);
      records++;
    }
  }
  return records;
}

/** @param {readonly string[]} files */
function parseFiles(files) {
  return files.reduce(
    (sum, file) => sum + JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')).Records.length,
    0,
  );
}

if (!isMainThread) parentPort?.postMessage(parseFiles(workerData));
else {
  const [kind = '', jobs = '1', ...files] = process.argv.slice(2);
  let records = 0;
  if (kind === 'stream') for (const file of files) records += await parseLines(file);
  else {
    const shares = Array.from({ length: Number(jobs) }, (_, job) =>
      files.filter((_, index) => index % Number(jobs) === job),
    );
    const counts = shares.map(
      (share) =>
        new Promise((resolve, reject) => {
          new Worker(new URL(import.meta.url), { workerData: share }).on('message', resolve).on('error', reject);
        }),
    );
    for (const count of await Promise.all(counts)) records += count;
  }
  process.stdout.write(`${records}\n`);
}
