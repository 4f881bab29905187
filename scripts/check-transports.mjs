// Checks for every recording in ../shared/corpus that the events of the gateway are those of the exporter, byte for byte, whatever
// the spans came by: HTTP with JSON and protobuf, gRPC, plain and with gzip.  npm run check:transports [-- --only "voltagent"]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const corpus = join(root, '../shared/corpus');
const [option, only] = process.argv.slice(2);

if (!existsSync(corpus)) {
  process.stdout.write('check:transports: skipped, there is no ../shared/corpus here\n');
} else {
  const wanted = option === '--only' && only ? ['-t', only] : [];
  const { status } = spawnSync(
    'npx',
    ['--no-install', 'vitest', 'run', 'test/gateway/transports.test.ts', ...wanted],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, TRANSPORT_RECORDINGS: corpus },
    },
  );
  process.exitCode = status ?? 2;
}
