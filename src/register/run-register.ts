import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { isPostHogLLMConfigError } from '../config/config-error.ts';
import { readVariable } from '../config/config-report.ts';
import type { Logger } from '../ledger/log.ts';
import { packageName } from '../package-info.ts';
import { type StartResult, start } from './start.ts';
import { startOnce } from './start-posthog-llm.ts';

/** Names of instrumentation packages separated by commas, or `none`; default: what is installed. */
const INSTRUMENTATIONS_VARIABLE = 'POSTHOG_LLM_INSTRUMENTATIONS';

/** Package managers are processes of Node as well, and `NODE_OPTIONS` reaches them before the application. */
const PACKAGE_MANAGERS = /^(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)(?:-cli)?(?:\.[cm]?js)?$/;

/** Standard output belongs to the application. */
const say = (message: string) => {
  // Worker threads inherit `--import`, and need not say it all again.
  if (!isMainThread || process.env['OTEL_LOG_LEVEL']?.toLowerCase() === 'none') return;
  process.stderr.write(`${packageName}: ${message}\n`);
};

const withoutPrefix = (message: string) => say(message.replace(`${packageName}: `, ''));
const logger: Logger = { error: withoutPrefix, warn: withoutPrefix, info: () => {}, debug: () => {} };

/**
 * Starts by the environment alone, before the application. Never throws: the application runs without us rather than
 * not at all.
 * @returns `undefined` when nothing was started
 */
export function runRegister(env: NodeJS.ProcessEnv = process.env): StartResult | undefined {
  if (PACKAGE_MANAGERS.test(basename(process.argv[1] ?? ''))) return undefined;
  try {
    return startOnce(() =>
      start(
        { logger, instrumentations: wantedInstrumentations(env) },
        { isFirst: true, say: ({ text }) => say(text) },
        env,
      ),
    );
  } catch (error) {
    const reason = isPostHogLLMConfigError(error)
      ? error.message
      : String(error instanceof Error && error.name);
    say(`sends nothing. ${reason}`);
    return undefined;
  }
}

function wantedInstrumentations(env: NodeJS.ProcessEnv): readonly string[] | undefined {
  const wanted = readVariable(env, INSTRUMENTATIONS_VARIABLE);
  if (wanted === undefined || wanted === '') return undefined;
  return wanted === 'none' ? [] : wanted.split(',').map((name) => name.trim());
}
