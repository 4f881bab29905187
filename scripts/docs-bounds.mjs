// Writes the table of bounds in docs/delivery.md anew from the constants of the code:  npm run docs:bounds
import { startVitest } from 'vitest/node';

process.env.UPDATE_DOCS = '1';
const vitest = await startVitest('test', ['test/limits/bounds-page.test.ts'], { watch: false });
await vitest.close();
