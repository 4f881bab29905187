import { debugLogger } from '../ledger/log.ts';
import { shownUrl } from '../ledger/shown-url.ts';
import type { ContentOptions } from '../translate/privacy/apply-privacy.ts';
import type { SelectionOptions } from '../translate/selection/select-call.ts';
import { type ConfigProblem, PostHogLLMConfigError } from './config-error.ts';
import type { FileDestination } from './config-file.ts';
import { type ConfigReport, readVariable, reportFinding } from './config-report.ts';
import { destinationNames, readFileOfOptions } from './file-of-options.ts';
import { hideValues } from './hidden-values.ts';
import { checkOptionNames } from './option-names.ts';
import type { OptionValues } from './option-row.ts';
import { booleanFromText } from './option-rules.ts';
import { EXPORTER_OPTIONS, PRIVACY_MODE_VARIABLE } from './option-table.ts';
import type { PostHogLLMSpanExporterOptions } from './options.ts';
import { PROCESSOR_OPTIONS } from './processor-option-table.ts';
import { type FileSource, NO_FILE, readOption, readOptions } from './read-options.ts';
import { typeName } from './type-name.ts';

/** The value of every option in force: checked, complete, never changed. Printing it shows no key and no header value. */
export interface ResolvedConfig extends Omit<OptionValues<typeof EXPORTER_OPTIONS>, 'enabled'> {
  readonly enabled: boolean;
  /** What becomes of content that is sent: `media`, `redact`, `mask` and `metadataPrefix`. */
  readonly content: ContentOptions;
  /** Which calls are sent: `rules`, `filter`, `samplingRate` and `alwaysKeep`. */
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
 * Throws one {@link PostHogLLMConfigError} with all problems. Of the environment only variables with which data would go
 * astray can stop the start (`whenWrong` in the table of options); others are warned about and ignored.
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
  const options = usableOptions(given, report);
  const other = { table: PROCESSOR_OPTIONS, className: 'PostHogLLMSpanProcessor' };
  checkOptionNames(options, EXPORTER_OPTIONS, other, report);
  return resolveWith(options, env, readFile(options, env, report), report);
}

/**
 * The configuration of a destination of a file, as the gateway runs several. Never throws.
 * @param options win over the file
 */
export function readDestination(
  { name, values }: FileDestination,
  env: NodeJS.ProcessEnv,
  options: PostHogLLMSpanExporterOptions = {},
): ConfigReading {
  const file = { values, isNamed: name !== undefined };
  return resolveWith(options, env, file, { problems: [], warnings: [] });
}

/** Names of the destinations in the file that `POSTHOG_LLM_CONFIG` names; empty when it has no list, or one is chosen. */
export function destinationsInFile(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  // It was chosen explicitly.
  if (readVariable(env, EXPORTER_OPTIONS.destination.environment?.variable ?? '') !== undefined) return [];
  return destinationNames(env, ALL_OPTIONS);
}

function resolveWith(
  options: PostHogLLMSpanExporterOptions,
  env: NodeJS.ProcessEnv,
  file: FileSource,
  report: ConfigReport,
): ConfigReading {
  const values = readOptions(EXPORTER_OPTIONS, { options, env, file }, report);
  noteOddTimes(options, values, report);
  const debug = values.debug || isDebugLevel(env);
  const config: ResolvedConfig = {
    ...values,
    enabled: values.enabled === 'auto' ? hasKey(report) : values.enabled,
    debug,
    logger: options.logger === undefined && values.debug ? debugLogger : values.logger,
    // Unlike with other options, a variable that asks for privacy holds whatever the code says: the strictest wins.
    privacyMode: asksForPrivacy(env) ? true : values.privacyMode,
    content: contentOf(values),
    selection: selectionOf(values),
    warnings: Object.freeze(report.warnings),
  };
  const found = withoutFollowing(report.problems);
  const problems = config.enabled ? found : found.filter(concernsDisabled);
  const shown = { endpoint: shownUrl(config.endpoint) };
  return { config: Object.freeze(hideValues(config, HIDDEN_NAMES, shown)), problems };
}

/** Whether a key was found; when none was, that is no problem any more but worth a line. */
function hasKey(report: ConfigReport): boolean {
  const missing = report.problems.findIndex(({ code }) => code === 'api-key-missing');
  if (missing < 0) return true;
  report.problems.splice(missing, 1);
  report.warnings.push(
    'Nothing is sent: there is no API key, and "enabled" is "auto". Set POSTHOG_API_KEY to send events.',
  );
  return false;
}

/** `OTEL_LOG_LEVEL` in the words of OpenTelemetry's diagnostics. */
function isDebugLevel(env: NodeJS.ProcessEnv): boolean {
  const level = readVariable(env, 'OTEL_LOG_LEVEL')?.toLowerCase() ?? '';
  return ['debug', 'verbose', 'all'].includes(level);
}

const HIDDEN_NAMES = Object.entries(EXPORTER_OPTIONS).flatMap(([name, row]) =>
  'isHidden' in row && row.isHidden ? [name] : [],
);

/** Callers from JavaScript may hand over anything. */
function usableOptions(given: unknown, report: ConfigReport): PostHogLLMSpanExporterOptions {
  if (typeof given === 'object' && given !== null) return given;
  reportFinding(
    report,
    { name: 'options', source: 'option' },
    {
      code: 'option-invalid',
      message: `The options must be an object, not ${typeName(given)}.`,
      fix: 'Give an object, or nothing at all to configure by environment.',
    },
  );
  return {};
}

/** What a configuration file may hold. */
export const ALL_OPTIONS = { ...EXPORTER_OPTIONS, ...PROCESSOR_OPTIONS };

/** The options of the file that code or environment names. An exporter that sends nothing reads none: it may run without. */
export function readFile(
  options: PostHogLLMSpanExporterOptions,
  env: NodeJS.ProcessEnv,
  report: ConfigReport,
): FileSource {
  const unread: ConfigReport = { problems: [], warnings: [] };
  const enabled = readOption('enabled', EXPORTER_OPTIONS.enabled, { options, env, file: NO_FILE }, unread);
  if (enabled === false) return NO_FILE;
  const sources = { options, env, file: NO_FILE };
  const destination = readOption('destination', EXPORTER_OPTIONS.destination, sources, unread);
  return readFileOfOptions({ configFile: options.configFile, destination }, env, ALL_OPTIONS, report);
}

function contentOf({ media, mask, redact, metadataPrefix }: OptionValues<typeof EXPORTER_OPTIONS>) {
  return { media, mask, redact, metadataPrefix };
}

function selectionOf(values: OptionValues<typeof EXPORTER_OPTIONS>): SelectionOptions {
  const { rules, filter, samplingRate, alwaysKeep } = values;
  return { rules, filter, sampling: { rate: samplingRate, alwaysKeep } };
}

function noteOddTimes(
  options: PostHogLLMSpanExporterOptions,
  { timeoutMs, deadlineMs }: OptionValues<typeof EXPORTER_OPTIONS>,
  report: ConfigReport,
): void {
  const isGiven = options.timeoutMs !== undefined || options.deadlineMs !== undefined;
  if (!isGiven || timeoutMs <= deadlineMs) return;
  report.warnings.push(
    `The option "timeoutMs" (${timeoutMs}) is longer than "deadlineMs" (${deadlineMs}), which ends each request earlier.`,
  );
}

function asksForPrivacy(env: NodeJS.ProcessEnv): boolean {
  const text = readVariable(env, PRIVACY_MODE_VARIABLE);
  return text !== undefined && booleanFromText(text) === true;
}

/** Where the file cannot be read, it is not known whether it holds the key. */
function withoutFollowing(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const isFileUnread = problems.some(({ code }) => FILE_PROBLEMS.includes(code));
  return isFileUnread ? problems.filter(({ code }) => code !== 'api-key-missing') : problems;
}

const FILE_PROBLEMS: readonly string[] = [
  'config-file-missing',
  'config-file-invalid',
  'destination-unknown',
];

/** A disabled exporter needs no key, and the environment of a test run need not be in order; code must be. */
function concernsDisabled({ source, code }: ConfigProblem): boolean {
  return source === 'option' && code !== 'api-key-missing';
}
