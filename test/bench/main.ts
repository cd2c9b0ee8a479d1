import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAlert } from '../../cli/build.ts';
import { measureColdStart } from './cold-start.ts';
import { measurePeakHeap } from './peak-heap.ts';
import { measureFinding, measureThroughput } from './throughput.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const severities = join(root, 'severities');
const taskRoot = await mkdtemp(join(tmpdir(), 'trailbell-bench-'));
try {
  const { bytes } = await buildAlert(root, severities, [], taskRoot);
  const throughput = await measureThroughput(severities);
  const coldStart = await measureColdStart(taskRoot);
  const heap = await measurePeakHeap(taskRoot);
  const figures = {
    handlerToFloor: { quiet: round(throughput.quiet.ratio), real: round(throughput.real.ratio) },
    coldStartToEmpty: round(coldStart.ratio),
    bundleBytes: bytes,
    peakHeapBytes: heap.peakHeapBytes,
    findingMicros: round(await measureFinding(severities)),
    throughput,
    coldStart,
    heap,
  };
  process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(figures)}\n` : report(figures));
} finally {
  await rm(taskRoot, { recursive: true });
}

function report(figures: {
  handlerToFloor: { quiet: number; real: number };
  coldStartToEmpty: number;
  bundleBytes: number;
  peakHeapBytes: number;
  findingMicros: number;
}): string {
  const { handlerToFloor, coldStartToEmpty, bundleBytes, peakHeapBytes, findingMicros } = figures;
  return [
    `handler to floor, quiet   ${handlerToFloor.quiet}   (aim: at least 0.85)`,
    `handler to floor, real    ${handlerToFloor.real}   (aim: at least 0.75)`,
    `cold start to empty       ${coldStartToEmpty}   (aim: at most 4.0)`,
    `bundle                    ${bundleBytes} bytes of JavaScript   (aim: at most 490000)`,
    `peak heap                 ${peakHeapBytes} bytes for a 1 MB payload   (aim: under 128 MB)`,
    `one published finding     ${findingMicros} µs to build and render for two topics`,
    '',
  ].join('\n');
}

function round(figure: number): number {
  return Math.round(figure * 1000) / 1000;
}
