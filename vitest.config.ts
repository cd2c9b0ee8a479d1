import { defineConfig } from 'vitest/config';

/** Milliseconds: a machine that others use as well may take long for what is quick. */
const patience = { testTimeout: 30_000, hookTimeout: 60_000 };

/** Servers that fail on purpose, and much waiting for them. */
const FAULTS = ['test/faults/**/*.slow.test.ts', 'test/**/faults.slow.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...patience,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          // Nothing in them is replaced or left behind, so modules are read once.
          isolate: false,
          maxWorkers: 2,
          exclude: ['test/**/*.loopback.test.ts', 'test/**/*.slow.test.ts'],
        },
      },
      // Real protocol servers and child processes: few at a time, longer to finish.
      {
        test: {
          ...patience,
          name: 'loopback',
          include: ['test/**/*.loopback.test.ts'],
          maxWorkers: 2,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...patience,
          name: 'slow',
          include: ['test/**/*.slow.test.ts'],
          exclude: FAULTS,
          maxWorkers: 2,
          testTimeout: 600_000,
        },
      },
      // Mostly waiting, so side by side.
      {
        test: {
          ...patience,
          name: 'faults',
          include: FAULTS,
          maxWorkers: 3,
          maxConcurrency: 6,
          testTimeout: 600_000,
        },
      },
    ],
  },
});
