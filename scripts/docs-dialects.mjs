// Writes docs/dialects.md anew from the registry of dialects and the recordings:  npm run docs:dialects
import { runTests } from './run-tests.mjs';

await runTests(['test/explain/dialects-page.test.ts'], { UPDATE_DOCS: '1' });
