// Checks what is made of every recording in ../shared/corpus against what really happened:  npm run check:corpus
// Arguments are handed to the checker, for example  npm run check:corpus -- --only "voltagent/*" --single
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const shared = join(root, '../shared');
const checker = join(shared, 'check/check.mjs');

if (!existsSync(checker)) {
  process.stdout.write('check:corpus: skipped, there is no ../shared/check here\n');
} else {
  const { status } = spawnSync(
    process.execPath,
    [
      checker,
      ...['--corpus', join(shared, 'corpus'), '--package', root],
      ...['--logs', join(shared, 'check/logs-adapter.mjs')],
      ...(process.argv.length > 2 ? process.argv.slice(2) : ['--quiet']),
    ],
    { stdio: 'inherit' },
  );
  process.exitCode = status ?? 2;
}
