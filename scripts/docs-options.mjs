// Writes the tables of options in README.md and docs/configuration.md and the schema config.schema.json anew from the
// table that the code uses:  npm run docs:options
import { startVitest } from 'vitest/node';

process.env.UPDATE_DOCS = '1';
const vitest = await startVitest('test', ['test/config/options-pages.test.ts'], { watch: false });
await vitest.close();
