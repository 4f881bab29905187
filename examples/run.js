// node examples/run.js [example ...]: runs these examples, or all of them.
// With POSTHOG_API_KEY set the events go to that PostHog project; without it, to a stand-in, and are checked.
import { fileURLToPath } from 'node:url';
import { runApp } from './shared/run-app.js';

const ALL = ['node-sdk-openai', 'manual-metadata', 'privacy-mode'];
const names = process.argv.length > 2 ? process.argv.slice(2) : ALL;

for (const name of names) {
  console.log(`\n== ${name}`);
  try {
    await run(name);
  } catch (error) {
    console.error(`${name} failed: ${error.message}`);
    process.exitCode = 1;
  }
}

async function run(name) {
  if (!ALL.includes(name)) throw new Error(`no such example; there are ${ALL.join(', ')}`);
  const { check } = await import(`./${name}/check.js`);
  const { events } = await runApp(fileURLToPath(new URL(`./${name}/`, import.meta.url)), 'mine');
  if (!events) {
    console.log('Sent to your PostHog project: look at AI observability, Traces.');
    return;
  }
  console.log(`Arrived at the stand-in PostHog:\n${JSON.stringify(events, null, 2)}`);
  if (process.env.OPENAI_API_KEY) return;
  check(events);
  console.log(`${name}: as expected.`);
}
