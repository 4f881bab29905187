// What PostHog bills, lists and shows of every recording in ../shared/corpus, with a figure per rule:  npm run check:oracle
// A pattern limits it:  npm run check:oracle -- '^py-litellm'
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startVitest } from 'vitest/node';

const corpus = join(import.meta.dirname, '../../shared/corpus');

if (!existsSync(corpus)) {
  process.stdout.write('check:oracle: skipped, there is no ../shared/corpus here\n');
} else {
  process.env.ORACLE_CORPUS = corpus;
  if (process.argv[2] !== undefined) process.env.ORACLE_ONLY = process.argv[2];
  const vitest = await startVitest('test', ['test/oracle/whole-corpus.test.ts'], { watch: false });
  await vitest.close();
}
