import type { PostHogLLMSpanExporterOptions } from '../config/options.ts';
import { resolveConfig } from '../config/resolve-config.ts';
import { ROUTES } from '../deliver/posthog-routes.ts';
import { type TranslateOptions, translateOptionsOf } from '../translate/translate-options.ts';

/** How much an explanation shows. */
export interface ExplanationDisplay {
  /** Shows prompts, answers, tool data and error texts. Default: only their sizes. */
  readonly showContent?: boolean | undefined;
}

/** The options of the exporter whose work is explained, and how much is shown of it. */
export interface ExplainOptions extends PostHogLLMSpanExporterOptions, ExplanationDisplay {
  /** Bytes of an event, as JSON, beyond which it is trimmed. Default: 8388608, the limit of PostHog's AI route. */
  readonly maxEventBytes?: number | undefined;
}

/** What an explanation is made by. */
export interface ExplainSetup {
  readonly translate: TranslateOptions;
  /** The option `enabled`: whether anything is sent at all. */
  readonly enabled: boolean;
  readonly showContent: boolean;
}

/** Nothing is sent, so a key need not be there. */
const UNUSED_API_KEY = 'phc_explain';

/**
 * What an exporter with these options would do: environment and config file count as they do there.
 * @throws PostHogLLMConfigError when the exporter could not be made with the options
 */
export function resolveExplainSetup(options: ExplainOptions): ExplainSetup {
  const { showContent = false, maxEventBytes = ROUTES.ai.maxEventBytes, ...given } = options;
  const config = resolveConfig({ ...given, apiKey: given.apiKey ?? UNUSED_API_KEY });
  const translate = translateOptionsOf(config, () => maxEventBytes);
  return { translate, enabled: config.enabled, showContent };
}
