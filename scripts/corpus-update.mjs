// Writes the expected events of every recording anew, from what the code makes of it now:  npm run corpus:update
// Look at the diff before you commit it; test/corpus/truth.test.ts tells whether it agrees with what really happened.
import { runTests } from './run-tests.mjs';

await runTests(['test/corpus/golden.test.ts'], { UPDATE_CORPUS: '1' });
