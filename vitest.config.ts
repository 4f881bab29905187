import { defineConfig } from 'vitest/config';

export default defineConfig({
  // All processors: the tests are many short files, and a machine that runs them has nothing else to do.
  test: { include: ['test/**/*.test.ts'], testTimeout: 20_000, pool: 'threads', maxWorkers: '100%' },
});
