// node --import posthog-llm-exporter/register app.js
import { isMainThread } from 'node:worker_threads';
import { isPostHogLLMConfigError } from './config/config-error.ts';
import { readVariable } from './config/config-report.ts';
import { resolveConfig } from './config/resolve-config.ts';
import type { Logger } from './ledger/log.ts';
import { packageName } from './package-info.ts';
import { enableInstrumentations } from './register/instrumentations.ts';
import { createLoggerProvider } from './register/logger-provider.ts';
import { foldersOfApp, modulesFrom } from './register/modules-of-app.ts';
import { isEsModule } from './register/read-manifest.ts';
import { type Attachment, attach } from './register/tracer-provider.ts';
import { flushOnExit } from './sdk/exit/flush-on-exit.ts';
import { PostHogLLMSpanProcessor } from './sdk/processor/span-processor.ts';

/** Names of instrumentation packages separated by commas, or `none`; default: what is installed. */
const INSTRUMENTATIONS_VARIABLE = 'POSTHOG_LLM_INSTRUMENTATIONS';

/** One line at the start, and losses. Standard output belongs to the application. */
const say = (message: string) => {
  // Worker threads inherit `--import`, and need not say it all again.
  if (!isMainThread || process.env['OTEL_LOG_LEVEL']?.toLowerCase() === 'none') return;
  process.stderr.write(`${message}\n`);
};

const logger: Logger = { error: say, warn: say, info: () => {}, debug: () => {} };

const ATTACHMENTS: Readonly<Record<Attachment['type'], string>> = {
  'own-provider': 'with a tracer provider of its own',
  'existing-provider': 'as part of the tracer provider of the application',
  'closed-provider':
    'not at all: the tracer provider of the application takes no more span processors; give it new PostHogLLMSpanProcessor()',
  'no-sdk': 'not at all: install @opentelemetry/sdk-trace-base',
};

async function start(): Promise<string> {
  const { enabled, endpoint, privacyMode } = resolveConfig();
  if (!enabled) return 'off (OTEL_SDK_DISABLED)';
  const places = foldersOfApp().map(modulesFrom);
  const processor = new PostHogLLMSpanProcessor({ logger });
  // What the application has comes first, then the peer of this package.
  const attachment = attach(processor, [...places, modulesFrom(import.meta.dirname)]);
  if (attachment.type === 'closed-provider' || attachment.type === 'no-sdk') {
    void processor.shutdown();
    return `sends nothing, ${ATTACHMENTS[attachment.type]}`;
  }
  flushOnExit(processor);

  const wanted = readVariable(process.env, INSTRUMENTATIONS_VARIABLE);
  const loggerProvider = createLoggerProvider(processor.logRecordProcessor());
  const instrumentations = await enableInstrumentations(
    {
      places,
      config: contentConfig(privacyMode !== false),
      isEsm: process.argv[1] === undefined || isEsModule(process.argv[1]),
      wanted: wanted === 'none' ? [] : wanted?.split(',').map((name) => name.trim()),
    },
    (instrumentation) => instrumentation.setLoggerProvider?.(loggerProvider),
  );
  const found = instrumentations.enabled.join(', ') || 'no instrumentation found';
  const failed =
    instrumentations.failed.length > 0 ? `; not usable: ${instrumentations.failed.join(', ')}` : '';
  return `sends to ${endpoint}, ${ATTACHMENTS[attachment.type]}; ${found}${failed}`;
}

/** The official instrumentation records content only when told to; its own variable has the last word. */
function contentConfig(isPrivate: boolean): object {
  const isDecided = process.env['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'] !== undefined;
  return isDecided ? {} : { captureMessageContent: !isPrivate };
}

const STARTED = Symbol.for('posthog-llm-exporter.registered');
const state = globalThis as unknown as Record<symbol, boolean | undefined>;

if (state[STARTED] !== true) {
  state[STARTED] = true;
  try {
    say(`${packageName}: ${await start()}`);
  } catch (error) {
    // The application runs without us rather than not at all.
    const reason = isPostHogLLMConfigError(error)
      ? error.message
      : String(error instanceof Error && error.name);
    say(`${packageName}: sends nothing. ${reason}`);
  }
}
