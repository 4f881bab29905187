// Writes the tables of options in README.md and docs/configuration.md, those of docs/gateway.md and the schema
// config.schema.json anew from the tables that the code uses:  npm run docs:options
import { startVitest } from 'vitest/node';

process.env.UPDATE_DOCS = '1';
const vitest = await startVitest(
  'test',
  ['test/config/options-pages.test.ts', 'test/gateway/gateway-page.test.ts'],
  { watch: false },
);
await vitest.close();
