// Loaded before the function: says at SIGTERM what the process held at most.
import { readFileSync } from 'node:fs';
import { GCProfiler, getHeapStatistics } from 'node:v8';

const profiler = new GCProfiler();
profiler.start();

/** Not `maxRSS`, which a process inherits from the one that started it. */
function residentPeak() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}

process.once('SIGTERM', () => {
  const collections = profiler.stop()?.statistics ?? [];
  const before = collections.map(({ beforeGC }) => beforeGC.heapStatistics.usedHeapSize);
  const heap = before.reduce((most, used) => Math.max(most, used), getHeapStatistics().used_heap_size);
  process.stdout.write(`memory-peaks ${JSON.stringify({ heap, resident: residentPeak() })}\n`, () => process.exit(0));
});
