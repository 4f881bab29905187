// Writes the tables of options in README.md and docs/configuration.md, those of docs/gateway.md and the schema
// config.schema.json anew from the tables that the code uses:  npm run docs:options
import { runTests } from './run-tests.mjs';

await runTests(['test/config/options-pages.test.ts', 'test/gateway/gateway-page.test.ts'], {
  UPDATE_DOCS: '1',
});
