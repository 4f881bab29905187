// Checks for every recording in ../shared/corpus that the events of the gateway are those of the exporter, byte for byte, whatever
// the spans came by: HTTP with JSON and protobuf, gRPC, plain and with gzip.  npm run check:transports [-- --only "voltagent"]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runTests } from './run-tests.mjs';

const corpus = join(import.meta.dirname, '../../shared/corpus');
const [option, only] = process.argv.slice(2);

if (!existsSync(corpus)) {
  process.stdout.write('check:transports: skipped, there is no ../shared/corpus here\n');
} else {
  const wanted = option === '--only' && only ? only : undefined;
  await runTests(['test/gateway/transports.test.ts'], { TRANSPORT_RECORDINGS: corpus }, wanted);
}
