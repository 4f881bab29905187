// Writes the expected events of every recording anew, from what the code makes of it now:  npm run corpus:update
// Look at the diff before you commit it; test/corpus/truth.test.ts tells whether it agrees with what really happened.
import { startVitest } from 'vitest/node';

process.env.UPDATE_CORPUS = '1';
const vitest = await startVitest('test', ['test/corpus/golden.test.ts'], { watch: false });
await vitest.close();
