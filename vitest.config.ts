import { defineConfig } from 'vitest/config';

/** Milliseconds: a machine that others use as well may take long for what is quick. */
const patience = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...patience,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.loopback.test.ts', 'test/**/*.slow.test.ts'],
        },
      },
      // Real protocol servers and child processes: one file at a time, longer to finish.
      {
        test: {
          ...patience,
          name: 'loopback',
          include: ['test/**/*.loopback.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...patience,
          name: 'slow',
          include: ['test/**/*.slow.test.ts'],
          exclude: ['test/faults/**'],
          fileParallelism: false,
          testTimeout: 600_000,
        },
      },
      // Mostly waiting, so side by side.
      {
        test: {
          ...patience,
          name: 'faults',
          include: ['test/faults/**/*.slow.test.ts'],
          maxWorkers: 3,
          maxConcurrency: 6,
          testTimeout: 600_000,
        },
      },
    ],
  },
});
