// Writes the table of bounds in docs/delivery.md anew from the constants of the code:  npm run docs:bounds
import { runTests } from './run-tests.mjs';

await runTests(['test/limits/bounds-page.test.ts'], { UPDATE_DOCS: '1' });
