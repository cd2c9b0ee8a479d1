import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.loopback.test.ts', 'test/**/*.slow.test.ts'],
        },
      },
      // Real protocol servers and child processes: one file at a time, longer to finish.
      {
        test: {
          name: 'loopback',
          include: ['test/**/*.loopback.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
        },
      },
      { test: { name: 'slow', include: ['test/**/*.slow.test.ts'], fileParallelism: false, testTimeout: 600_000 } },
    ],
  },
});
