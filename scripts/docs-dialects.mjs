// Writes docs/dialects.md anew from the registry of dialects and the recordings:  npm run docs:dialects
import { startVitest } from 'vitest/node';

process.env.UPDATE_DOCS = '1';
const vitest = await startVitest('test', ['test/explain/dialects-page.test.ts'], { watch: false });
await vitest.close();
