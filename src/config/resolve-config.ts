import type { MeterProvider } from '@opentelemetry/api';
import type { HttpDispatcher } from '../deliver/http-dispatcher.ts';
import { diagLogger, guardLogger, type Logger } from '../ledger/log.ts';
import type { ContentPolicy } from '../translate/privacy/apply-privacy.ts';
import type { SelectionOptions } from '../translate/selection/select-call.ts';
import { typeName } from './api-key.ts';
import { checkOptions, withDefaults } from './check-options.ts';
import { type ConfigProblem, PostHogLLMConfigError } from './config-error.ts';
import type { ConfigFileValues } from './config-file.ts';
import { type ConfigReport, readVariable, reportFinding } from './config-report.ts';
import { type HeaderSource, toHeaderSource } from './headers.ts';
import { hideSecretParts } from './hide-secret-parts.ts';
import type { DistinctIdOfCall, PostHogLLMSpanExporterOptions, PrivacyDecision } from './options.ts';
import { createSecret, type Secret } from './secret.ts';
import { readApiKey, readConfigFileOf, readEndpoint, readPrivacyMode } from './sources.ts';
import type { ResolvedSpool } from './spool-options.ts';

/** The configuration in force: checked, complete, never changed. Printing it shows no key and no header value. */
export interface ResolvedConfig {
  readonly enabled: boolean;
  /** Holds the empty string only when `enabled` is false. */
  readonly apiKey: Secret;
  /** URL without trailing slash. */
  readonly endpoint: string;
  readonly headers: HeaderSource;
  readonly privacyMode: boolean | PrivacyDecision;
  readonly distinctId: string | DistinctIdOfCall | undefined;
  /** What becomes of content that is sent. */
  readonly content: Omit<ContentPolicy, 'privacyMode'>;
  readonly metadataPrefix: string;
  readonly maxMetadataDepth: number;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly maxRetries: number;
  readonly compression: 'gzip' | 'none';
  readonly maxBatchBytes: number;
  readonly maxInFlightBytes: number;
  readonly spool: ResolvedSpool | undefined;
  readonly meterProvider: MeterProvider | undefined;
  /** Absent: undici's global dispatcher, to be looked up at each request. */
  readonly dispatcher: HttpDispatcher | undefined;
  /** Never throws. */
  readonly logger: Logger;
  readonly includeAttributes: readonly string[];
  /** Which calls are sent. */
  readonly selection: SelectionOptions;
  /** Oddities that stop nothing, for the caller to log. They hold no secrets. */
  readonly warnings: readonly string[];
}

/** A configuration with what is wrong with it. It may be used only if `problems` is empty. */
export interface ConfigReading {
  readonly config: ResolvedConfig;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Joins options, environment, config file and defaults, in that order of precedence, into one readonly object.
 *
 * Throws one {@link PostHogLLMConfigError} with all problems. Of the environment only `POSTHOG_API_KEY`,
 * `POSTHOG_HOST`, `POSTHOG_PRIVACY_MODE` and `POSTHOG_LLM_CONFIG` can stop the start, for with a wrong one of these
 * data would go astray; anything else there is warned about and ignored.
 */
export function resolveConfig(
  options: PostHogLLMSpanExporterOptions = {},
  env: NodeJS.ProcessEnv = process.env,
): ResolvedConfig {
  const { config, problems } = readConfig(options, env);
  if (problems.length > 0) {
    throw new PostHogLLMConfigError(problems);
  }
  return config;
}

/** As {@link resolveConfig}, for callers that look at the problems themselves. Never throws. */
export function readConfig(given: PostHogLLMSpanExporterOptions, env: NodeJS.ProcessEnv): ConfigReading {
  const report: ConfigReport = { problems: [], warnings: [] };
  // Callers from JavaScript may hand over anything.
  const isObject = typeof given === 'object' && given !== null;
  const options: PostHogLLMSpanExporterOptions = isObject ? given : {};
  if (!isObject) {
    reportFinding(
      report,
      { name: 'options', source: 'option' },
      {
        code: 'option-invalid',
        message: `The options must be an object, not ${typeName(given)}.`,
        fix: 'Give an object, or nothing at all to configure by environment.',
      },
    );
  }
  checkOptions(options, report);
  const enabled = readEnabled(options.enabled, env, report);
  // An exporter that sends nothing reads no file: it may run where the file does not exist.
  const file: ConfigFileValues = enabled ? readConfigFileOf(options.configFile, env, report) : {};
  const apiKey = readApiKey(options.apiKey, env, file, report);
  const endpoint = readEndpoint(options.endpoint, env, file, report);
  const privacyMode = readPrivacyMode(options.privacyMode, env, file, report);
  const settings = withDefaults(options);
  if (options.timeoutMs !== undefined && options.timeoutMs > settings.deadlineMs) {
    report.warnings.push(
      'The option "timeoutMs" is longer than "deadlineMs", which ends each request earlier.',
    );
  }
  const problems = enabled ? report.problems : report.problems.filter(concernsDisabled);
  const config = {
    enabled,
    apiKey: createSecret(apiKey),
    endpoint,
    headers: toHeaderSource(options.headers),
    privacyMode,
    distinctId: options.distinctId,
    ...settings,
    meterProvider: options.meterProvider,
    dispatcher: options.dispatcher,
    logger: options.logger === undefined ? diagLogger : guardLogger(options.logger),
    warnings: Object.freeze(report.warnings),
  };
  return { config: Object.freeze(hideSecretParts(config)), problems };
}

/** `OTEL_SDK_DISABLED` follows OpenTelemetry's rule for booleans: only "true" is true, other words are warned about. */
function readEnabled(option: unknown, env: NodeJS.ProcessEnv, report: ConfigReport): boolean {
  if (typeof option === 'boolean') {
    return option;
  }
  const disabled = readVariable(env, 'OTEL_SDK_DISABLED')?.toLowerCase();
  if (disabled !== undefined && disabled !== 'true' && disabled !== 'false') {
    report.warnings.push('OTEL_SDK_DISABLED is neither "true" nor "false"; it is taken as "false".');
  }
  return disabled !== 'true';
}

/** A disabled exporter needs no key, and the environment of a test run need not be in order; code must be. */
function concernsDisabled({ source, code }: ConfigProblem): boolean {
  return source === 'option' && code !== 'api-key-missing';
}
