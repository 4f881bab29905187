import { defineConfig } from 'vitest/config';

/** Suites with processes, sockets and files of their own, which take turns so that they do not starve each other. */
const ONE_BY_ONE = [
  'test/chaos/**/*.test.ts',
  'test/cli/built-cli.test.ts',
  'test/cli/demo-client.test.ts',
  'test/deliver/spool/**/*.test.ts',
  'test/docs/run-blocks.test.ts',
  'test/gateway/page/dev-command.test.ts',
  'test/gateway/page/page-in-browser.test.ts',
  'test/gateway/power-cut.test.ts',
  'test/gateway/processes.test.ts',
  'test/ledger/bounds.test.ts',
  'test/register/**/*.test.ts',
];

export default defineConfig({
  test: {
    // Only ends what hangs: on a busy machine everything takes many times as long as alone.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    pool: 'threads',
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: ONE_BY_ONE,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'one-by-one', include: ONE_BY_ONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
