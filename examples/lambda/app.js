// Stands in for the runtime of the cloud: two invocations of one instance, which is then killed without a signal.
import { handler } from './handler.js';

for (const user of ['ada', 'grace']) {
  console.log(await handler({ user, question: 'Recommend a rain jacket for cycling, in one sentence.' }));
}
process.exit();
