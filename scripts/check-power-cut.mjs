// Cuts the power after every change that a gateway with `acknowledge: stored` makes on its disk, starts it again on what is left, and
// checks that all that was answered is delivered. The tests cut after a sample of the changes.  npm run check:power-cut
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const { status } = spawnSync(
  'npx',
  ['--no-install', 'vitest', 'run', 'test/gateway/power-cut.test.ts', ...process.argv.slice(2)],
  {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'inherit',
    env: { ...process.env, POWER_CUTS: 'all' },
  },
);
process.exitCode = status ?? 2;
