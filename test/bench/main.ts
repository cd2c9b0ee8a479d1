import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAlert } from '../../cli/build.ts';
import { measureColdStart } from './cold-start.ts';
import { measurePeakHeap } from './peak-heap.ts';
import { measureStartUp } from './start-up.ts';
import { measureFinding, measureThroughput } from './throughput.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const severities = join(root, 'severities');
const taskRoot = await mkdtemp(join(tmpdir(), 'trailbell-bench-'));
try {
  const { bytes } = await buildAlert(root, severities, [], taskRoot);
  const throughput = await measureThroughput(severities, 0);
  const with10 = await measureThroughput(severities, 10);
  const with100 = await measureThroughput(severities, 100);
  const coldStart = await measureColdStart(taskRoot);
  const heap = await measurePeakHeap(taskRoot);
  const startUp = measureStartUp(root);
  const figures = {
    handlerToFloor: ratios(throughput),
    handlerToFloorWithDetections: { 0: ratios(throughput), 10: ratios(with10), 100: ratios(with100) },
    coldStartToEmpty: round(coldStart.ratio),
    helpToEmpty: round(startUp.ratio),
    bundleBytes: bytes,
    peakHeapBytes: heap.peakHeapBytes,
    findingMicros: round(await measureFinding(severities)),
    throughput,
    coldStart,
    heap,
    startUp,
  };
  process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(figures)}\n` : report(figures));
} finally {
  await rm(taskRoot, { recursive: true });
}

interface Ratios {
  readonly quiet: number;
  readonly real: number;
}

function report(figures: {
  handlerToFloor: Ratios;
  handlerToFloorWithDetections: Record<number, Ratios>;
  coldStartToEmpty: number;
  helpToEmpty: number;
  bundleBytes: number;
  peakHeapBytes: number;
  findingMicros: number;
}): string {
  const {
    handlerToFloor,
    handlerToFloorWithDetections: by,
    coldStartToEmpty,
    helpToEmpty,
    bundleBytes,
    peakHeapBytes,
    findingMicros,
  } = figures;
  return [
    `handler to floor, quiet   ${handlerToFloor.quiet}   (aim: at least 0.85)`,
    `handler to floor, real    ${handlerToFloor.real}   (aim: at least 0.75)`,
    ...[10, 100].map(
      (count) =>
        `  with ${count} detections`.padEnd(26) +
        `${by[count]?.quiet} quiet, ${by[count]?.real} real   (aim for 100, quiet: at least 0.75)`,
    ),
    `cold start to empty       ${coldStartToEmpty}   (aim: at most 4.0)`,
    `help to node -e 0         ${helpToEmpty}   (aim: at most 1.5)`,
    `bundle                    ${bundleBytes} bytes of JavaScript   (aim: at most 490000)`,
    `peak heap                 ${peakHeapBytes} bytes for a 1 MB payload   (aim: under 128 MB)`,
    `one published finding     ${findingMicros} µs to build and render for two topics`,
    '',
  ].join('\n');
}

function ratios({ quiet, real }: Awaited<ReturnType<typeof measureThroughput>>): Ratios {
  return { quiet: round(quiet.ratio), real: round(real.ratio) };
}

function round(figure: number): number {
  return Math.round(figure * 1000) / 1000;
}
