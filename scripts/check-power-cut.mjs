// Cuts the power after every change that a gateway with `acknowledge: stored` makes on its disk, starts it again on what is left, and
// checks that all that was answered is delivered. The tests cut after a sample of the changes.  npm run check:power-cut
import { runTests } from './run-tests.mjs';

await runTests(['test/gateway/power-cut.test.ts'], { POWER_CUTS: 'all' });
