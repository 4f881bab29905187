// Hostile changes to recorded spans, against the source:  npm run fuzz -- [rounds, 5 if not given]
// Takes the recordings of the test suite, and those of ../shared/corpus where that is. CHAOS_SEED=… repeats a run.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runTests } from './run-tests.mjs';

const corpus = join(import.meta.dirname, '../../shared/corpus');
const [rounds = '5'] = process.argv.slice(2);

if (!existsSync(corpus))
  process.stdout.write('fuzz: only the recordings of the suite, there is no ../shared/corpus here\n');
await runTests(['test/limits/fuzz-corpus.test.ts'], {
  FUZZ_ROUNDS: rounds,
  FUZZ_CORPUS: existsSync(corpus) ? corpus : '',
});
