// node --require posthog-llm-exporter/register app.js: a preload that nothing waits for
import type { PostHogLLMSpanExporter } from './index.ts';
import { runRegister } from './register/run-register.ts';

const started = runRegister();

/** The exporter of what was started; `undefined` when nothing was, for the reason that was said. */
export const exporter: PostHogLLMSpanExporter | undefined = started?.exporter;
/** Resolves when every call so far is delivered or given up. Never rejects. */
export const flush = async (): Promise<void> => started?.flush();
/** Delivers what waits, then stops. Never rejects. */
export const shutdown = async (): Promise<void> => started?.shutdown();
