import { join } from 'node:path';
import { startVitest } from 'vitest/node';

/**
 * Runs files of tests under variables that make them check more, or write pages anew. The process ends with 1 when a test fails.
 *
 * @param {readonly string[]} files
 * @param {Record<string, string>} variables
 * @param {string} [only] pattern of the names of tests
 */
export async function runTests(files, variables, only) {
  Object.assign(process.env, variables);
  const root = join(import.meta.dirname, '..');
  const vitest = await startVitest('test', files, { root, watch: false, testNamePattern: only });
  await vitest.close();
}
