// A long outage with 20,000 small exports, in both modes of the spool; the tests have fewer.  npm run check:outage
import { runTests } from './run-tests.mjs';

await runTests(['test/deliver/spool/many-small-exports.test.ts'], { OUTAGE_EXPORTS: '20000' });
