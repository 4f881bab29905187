import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startOpenAI } from '../demo/stand-ins/openai.js';
import { startPostHog } from '../demo/stand-ins/posthog.js';
import { startAnthropic } from './stand-in-anthropic.js';
import { startCollector } from './stand-in-collector.js';

/** An example takes about a second; one that hangs is stopped. */
const TIMEOUT_MS = 30_000;

/**
 * Runs `node --import telemetry.js app.js` of one folder, in its own process and with settings from the environment, as
 * in production. `accounts: 'mine'` uses the accounts whose keys are in the environment; where there is no key, and always
 * with `accounts: 'none'`, a stand-in on a free local port is used.
 *
 * Returns the events that arrived at the stand-in PostHog, in order of time, and what the stand-in OpenAI answered;
 * either is undefined when the real service was used. `collected` holds the spans that a stand-in Collector got.
 */
export async function runApp(folder, accounts) {
  const openai = accounts === 'mine' && process.env.OPENAI_API_KEY ? undefined : await startOpenAI();
  const anthropic = accounts === 'mine' && process.env.ANTHROPIC_API_KEY ? undefined : await startAnthropic();
  const collector = await startCollector();
  const posthog = accounts === 'mine' && process.env.POSTHOG_API_KEY ? undefined : await startPostHog();
  const env = { ...process.env };
  if (openai) replace(env, 'OPENAI_', { API_KEY: 'sk-demo', BASE_URL: openai.url });
  if (anthropic) replace(env, 'ANTHROPIC_', { API_KEY: 'sk-demo', BASE_URL: anthropic.url });
  env.COLLECTOR_URL = collector.url;
  if (posthog) {
    replace(env, 'POSTHOG_', { API_KEY: 'phc_demo', HOST: posthog.url });
    replace(env, 'OTEL_', {});
  }
  try {
    await runNode(folder, env);
  } finally {
    openai?.close();
    anthropic?.close();
    collector.close();
    posthog?.close();
  }
  const byTime = (a, b) => a.timestamp.localeCompare(b.timestamp);
  return {
    events: posthog?.events.toSorted(byTime),
    requests: posthog?.requests,
    answers: openai?.answers,
    collected: collector.spans,
  };
}

/** Sets the variables of one family, and removes all others of it, so that settings of this machine do not interfere. */
function replace(env, prefix, values) {
  for (const name of Object.keys(env)) if (name.startsWith(prefix)) delete env[name];
  for (const [name, value] of Object.entries(values)) env[prefix + name] = value;
}

async function runNode(folder, env) {
  const telemetry = join(folder, 'telemetry.js');
  const preload = existsSync(telemetry) ? ['--import', pathToFileURL(telemetry).href] : [];
  const app = spawn(process.execPath, [...preload, join(folder, 'app.js')], {
    env,
    stdio: 'inherit',
    timeout: TIMEOUT_MS,
  });
  const [code, signal] = await once(app, 'exit');
  if (code !== 0) throw new Error(`${folder} ended with ${signal ?? `exit code ${code}`}`);
}
