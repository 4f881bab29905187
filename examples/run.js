// node examples/run.js [example ...]: runs these examples, or all of them.
// With POSTHOG_API_KEY set the events go to that PostHog project; without it, to a stand-in, and are checked.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runApp } from './shared/run-app.js';

/** Examples, with the packages they need beyond those of this repository. */
const EXAMPLES = {
  'zero-code': [],
  'node-sdk-openai': [],
  'users-and-sessions': [],
  'manual-metadata': [],
  'privacy-mode': [],
  'several-destinations': [],
  troubleshooting: [],
  lambda: [],
  collector: ['@opentelemetry/exporter-trace-otlp-http'],
  'openrouter-broadcast': [],
  openinference: ['@arizeai/openinference-instrumentation-openai'],
  anthropic: ['@anthropic-ai/sdk', '@arizeai/openinference-instrumentation-anthropic'],
  openllmetry: ['@traceloop/instrumentation-openai'],
  'vercel-ai-sdk': ['ai', '@ai-sdk/openai'],
  nextjs: ['ai', '@ai-sdk/openai', '@vercel/otel'],
  'posthog-ai-otel': ['ai', '@ai-sdk/openai'],
  langchain: ['@langchain/openai', '@arizeai/openinference-instrumentation-langchain'],
};
const ALL = Object.keys(EXAMPLES);
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
  const missing = EXAMPLES[name].filter((needed) => !isInstalled(needed));
  if (missing.length > 0) {
    console.log(`SKIPPED, for it needs: npm install ${missing.join(' ')}`);
    return;
  }
  const { check } = await import(`./${name}/check.js`);
  const { events, collected } = await runApp(fileURLToPath(new URL(`./${name}/`, import.meta.url)), 'mine');
  if (!events) {
    console.log('Sent to your PostHog project: look at AI observability, Traces.');
    return;
  }
  console.log(`Arrived at the stand-in PostHog:\n${JSON.stringify(events, null, 2)}`);
  if (process.env.OPENAI_API_KEY || process.env.ANTHROPIC_API_KEY) return;
  check(events, collected);
  console.log(`${name}: as expected.`);
}

/** Not by resolving: `exports` can hide a package from it. */
function isInstalled(name) {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return folders.some((folder) => existsSync(join(folder, name, 'package.json')));
}
