// Writes docs/privacy.md anew from the table that the code uses:  npm run docs:privacy
import { runTests } from './run-tests.mjs';

await runTests(['test/privacy-proof/privacy-pages.test.ts'], { UPDATE_DOCS: '1' });
