// Writes docs/privacy.md anew from the table that the code uses:  npm run docs:privacy
import { startVitest } from 'vitest/node';

process.env.UPDATE_DOCS = '1';
const vitest = await startVitest('test', ['test/privacy-proof/privacy-pages.test.ts'], { watch: false });
await vitest.close();
