// The whole way on one machine: an application, a stand-in OpenAI and a stand-in PostHog. No account, no key.
import { fileURLToPath } from 'node:url';
import { runApp } from '../shared/run-app.js';
import { check } from './check.js';
import { table } from './report.js';

try {
  console.log('The application runs:\n');
  const { events, requests, answers } = await runApp(fileURLToPath(new URL('.', import.meta.url)), 'none');

  for (const { events: count, bytes } of requests) {
    console.log(`\nPostHog received ${count} events in one request of ${bytes} bytes:\n`);
  }
  console.log(table(events));
  console.log('\nCost: these spans carry none, so PostHog computes it from model and tokens.');
  const example = events.find((event) => event.properties.$ai_stop_reason === 'tool_calls');
  if (example) console.log(`\nOne of them in full:\n\n${JSON.stringify(example, null, 2)}`);

  check(events, answers);
  console.log('\nAll as expected.');
} catch (error) {
  console.error(`\nNot as expected: ${error.message}`);
  process.exitCode = 1;
}
