import { isMainThread } from 'node:worker_threads';
import { metrics } from '@opentelemetry/api';
import type { PostHogLLMSpanExporterOptions } from '../config/options.ts';
import type { SpanProcessorOptions } from '../config/processor-options.ts';
import { destinationsInFile } from '../config/resolve-config.ts';
import { packageName } from '../package-info.ts';
import { type FlushOnExitOptions, flushOnExit } from '../sdk/exit/flush-on-exit.ts';
import type { PostHogLLMSpanExporter } from '../sdk/exporter/exporter.ts';
import { madeExporters, pipelineOf } from '../sdk/exporter/pipeline-of.ts';
import { PostHogLLMLogRecordProcessor } from '../sdk/logs/log-record-processor.ts';
import { PostHogLLMSpanProcessor } from '../sdk/processor/span-processor.ts';
import { describeHandover, describeStart, type Line } from './describe.ts';
import { type EnabledInstrumentations, enableInstrumentations } from './instrumentations.ts';
import { createLoggerProvider } from './logger-provider.ts';
import { foldersOfApp, modulesFrom } from './modules-of-app.ts';
import { type AttachmentType, attach } from './provider/attach.ts';

/** What one destination is made of: the options of its exporter and of its span processor. */
export type DestinationOptions = PostHogLLMSpanExporterOptions & SpanProcessorOptions;

/** Options of `startPostHogLLM`: those of the exporter and of the span processor, and how it starts. */
export interface StartPostHogLLMOptions extends DestinationOptions {
  /**
   * Several projects that get the calls, each with its own key, privacy, rules and sampling; what stands beside
   * `destinations` holds for those that do not say otherwise. Default: all that the configuration file lists, else one.
   */
  readonly destinations?: readonly DestinationOptions[] | undefined;
  /**
   * Instrumentation packages to use; `[]` uses none. Default: the best of what is installed for each library that makes
   * model calls.
   */
  readonly instrumentations?: readonly string[] | undefined;
  /** How what waits is flushed when the process ends; `false` leaves it to the application. Default: see `flushOnExit`. */
  readonly flushOnExit?: FlushOnExitOptions | false | undefined;
}

/** What `startPostHogLLM` returns. */
export interface PostHogLLM {
  /** The exporter of the only or first destination, for `captureFeedback`, `testConnection` and the like. */
  readonly exporter: PostHogLLMSpanExporter;
  /** The exporters of all destinations. */
  readonly exporters: readonly PostHogLLMSpanExporter[];
  /** Resolves when every call so far is delivered or given up. Never rejects. */
  flush(): Promise<void>;
  /** Delivers what waits, then stops. Never rejects. */
  shutdown(): Promise<void>;
}

export interface StartSettings {
  /** No code of the application has run yet. */
  readonly isFirst: boolean;
  readonly say: (line: Line) => void;
}

export interface StartResult extends PostHogLLM {
  /** Settles when everything is in force that could not be at once. Never rejects. */
  readonly ready: Promise<void>;
}

/** Starts everything: processors, provider, instrumentations, the flush at the end. */
export function start(
  options: StartPostHogLLMOptions,
  { isFirst, say }: StartSettings,
  env: NodeJS.ProcessEnv = process.env,
): StartResult {
  const { destinations, instrumentations: wanted, flushOnExit: exit, ...shared } = options;
  const each = (destinations ?? destinationsOf(shared, env)).map((own) => ({ ...shared, ...own }));
  const others = madeExporters();
  const processors = each.map((own) => new PostHogLLMSpanProcessor(own));
  const configs = processors.flatMap(({ exporter }) => pipelineOf(exporter)?.config ?? []);
  const running = createHandle(processors);
  if (!configs.some(({ enabled }) => enabled)) {
    say({ level: 'info', text: 'off (OTEL_SDK_DISABLED)' });
    return running;
  }

  const places = foldersOfApp().map(modulesFrom);
  const endpoints = configs.map(({ endpoint }) => endpoint);
  const attachment = attach({
    processors,
    // The application's SDK comes first, then one that stands beside this package.
    places: [...places, modulesFrom(import.meta.dirname)],
    env,
    onHandover: (type) => say(describeHandover(type)),
    applicationSends: () => others > 0 || madeExporters() > others + processors.length,
  });
  const enabled = isAttached(attachment.type)
    ? enableInstrumentations({
        places,
        wanted,
        isFirst,
        warn: (text) => say({ level: 'warn', text }),
        config: contentConfig(
          configs.every(({ privacyMode }) => privacyMode !== false),
          env,
        ),
        onEnabled: (instrumentation) => {
          if (attachment.provider) instrumentation.setTracerProvider?.(attachment.provider);
          instrumentation.setLoggerProvider?.(loggerProviderFor(processors));
          instrumentation.setMeterProvider?.(metrics.getMeterProvider());
        },
      })
    : NOTHING_ENABLED;
  for (const line of describeStart(endpoints, attachment.type, enabled.reports)) say(line);

  // Signals reach the main thread alone; a worker thread ends when its event loop is empty.
  const exitOptions = isMainThread ? exit || {} : { signals: [] };
  const removeListeners =
    exit === false ? [] : processors.map((processor) => flushOnExit(processor, exitOptions));
  return {
    ...running,
    ready: enabled.ready,
    shutdown: async () => {
      for (const remove of removeListeners) remove();
      await running.shutdown();
      attachment.detach();
    },
  };
}

/** All that the configuration file lists, when none of them is chosen; else one. */
function destinationsOf(
  { configFile, destination, enabled }: DestinationOptions,
  env: NodeJS.ProcessEnv,
): readonly DestinationOptions[] {
  if (configFile === false || destination !== undefined || enabled === false) return [{}];
  const named = typeof configFile === 'string' ? { ...env, POSTHOG_LLM_CONFIG: configFile } : env;
  const names = destinationsInFile(named);
  return names.length > 0 ? names.map((name) => ({ destination: name })) : [{}];
}

const NOTHING_ENABLED: EnabledInstrumentations = { reports: [], ready: Promise.resolve() };

function isAttached(type: AttachmentType): boolean {
  return type !== 'closed-provider' && type !== 'no-sdk';
}

function createHandle(processors: readonly PostHogLLMSpanProcessor[]): StartResult {
  const [first] = processors;
  if (!first) throw new TypeError(`${packageName}: "destinations" names none`);
  const all = (work: (processor: PostHogLLMSpanProcessor) => Promise<void>) => async () => {
    await Promise.all(processors.map(work));
  };
  return {
    exporter: first.exporter,
    exporters: processors.map(({ exporter }) => exporter),
    flush: all((processor) => processor.forceFlush()),
    shutdown: all((processor) => processor.shutdown()),
    ready: Promise.resolve(),
  };
}

function loggerProviderFor(processors: readonly PostHogLLMSpanProcessor[]): unknown {
  return createLoggerProvider(new PostHogLLMLogRecordProcessor(...processors));
}

/** The official instrumentation records content only when it is set to; its own variable decides. */
function contentConfig(isPrivate: boolean, env: NodeJS.ProcessEnv): object {
  const isDecided = env['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'] !== undefined;
  return isDecided ? {} : { captureMessageContent: !isPrivate };
}
