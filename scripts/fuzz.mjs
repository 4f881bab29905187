// Hostile changes to recorded spans, against the source:  npm run fuzz -- [rounds, 5 if not given]
// Takes the recordings of the test suite, and those of ../shared/corpus where that is. CHAOS_SEED=… repeats a run.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const corpus = join(root, '../shared/corpus');
if (!existsSync(corpus))
  process.stdout.write('fuzz: only the recordings of the suite, there is no ../shared/corpus here\n');
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'test/limits/fuzz-corpus.test.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      FUZZ_ROUNDS: process.argv[2] ?? '5',
      FUZZ_CORPUS: existsSync(corpus) ? corpus : '',
    },
  },
);
process.exitCode = status ?? 2;
