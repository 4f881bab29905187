// What PostHog bills, lists and shows of every recording in ../shared/corpus, with a figure per rule:  npm run check:oracle
// A pattern limits it:  npm run check:oracle -- '^py-litellm'
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runTests } from './run-tests.mjs';

const corpus = join(import.meta.dirname, '../../shared/corpus');
const [only] = process.argv.slice(2);

if (!existsSync(corpus)) {
  process.stdout.write('check:oracle: skipped, there is no ../shared/corpus here\n');
} else {
  const variables = { ORACLE_CORPUS: corpus, ...(only === undefined ? {} : { ORACLE_ONLY: only }) };
  await runTests(['test/oracle/whole-corpus.test.ts'], variables);
}
