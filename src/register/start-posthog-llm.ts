import { packageName } from '../package-info.ts';
import { processState } from '../translate/span/process-state.ts';
import { type PostHogLLM, type StartPostHogLLMOptions, type StartResult, start } from './start.ts';

/** Shared with `register`, and with all copies of this package. */
const state = processState<{ running?: StartResult }>('started', () => ({}));

/**
 * Everything at once, for an application without an OpenTelemetry set-up of its own: a tracer provider (of the SDK that
 * the application has installed, else one that this package brings), `PostHogLLMSpanProcessor`, the instrumentations
 * that are installed for the libraries it calls, and a flush when the process ends. Where the application has a tracer
 * provider, before or afterwards, that stays in force, and a line says what to add to it.
 *
 * Call it before the libraries are imported: from a file that is loaded first. A second call returns what the first did.
 *
 * @param options what is not given comes from the environment
 * @throws PostHogLLMConfigError listing everything that is wrong with the configuration
 * @example
 * const { flush } = startPostHogLLM({ apiKey: 'phc_…' });
 */
export function startPostHogLLM(options: StartPostHogLLMOptions = {}): PostHogLLM {
  return startOnce(() =>
    start(options, {
      isFirst: false,
      say: ({ level, text }) => {
        const line = `${packageName}: ${text}`;
        if (options.logger) options.logger[level](line);
        else if (level === 'warn') process.stderr.write(`${line}\n`);
      },
    }),
  );
}

/** What has been started in this process, else what is started now. */
export function startOnce(startNow: () => StartResult): StartResult {
  if (state.running) return state.running;
  const started = startNow();
  const shutdown = async () => {
    // What has been shut down can be started anew.
    if (state.running === handle) delete state.running;
    await started.shutdown();
  };
  const handle: StartResult = { ...started, shutdown };
  state.running = handle;
  return handle;
}
