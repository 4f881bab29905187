import { usableDistinctId } from '../event/identity.ts';
import { typeName } from './api-key.ts';
import { type ConfigReport, reportFinding } from './config-report.ts';
import {
  DEFAULT_DEADLINE_MS,
  DEFAULT_MAX_BATCH_BYTES,
  DEFAULT_MAX_METADATA_DEPTH,
  DEFAULT_MAX_RETRIES,
  DEFAULT_METADATA_PREFIX,
  DEFAULT_TIMEOUT_MS,
  MAX_BATCH_BYTES_LIMIT,
  MAX_DISTINCT_ID_LENGTH,
  MAX_TIMER_MS,
  MIN_BATCH_BYTES_LIMIT,
} from './defaults.ts';
import { headersFlaw } from './headers.ts';
import type { PostHogLLMSpanExporterOptions } from './options.ts';

type OptionName = keyof PostHogLLMSpanExporterOptions;

/** What is wrong with a value, in words; `undefined` when nothing is. */
type Rule = (value: unknown) => string | undefined;

/** Options that exist in code only, each with its rule. The others are checked where their sources are joined. */
const RULES = {
  headers: (value) => (typeof value === 'function' ? undefined : headersFlaw(value)),
  distinctId: (value) => (typeof value === 'function' ? undefined : distinctIdFlaw(value)),
  metadataPrefix: (value) =>
    typeof value === 'string' && !value.startsWith('$')
      ? undefined
      : 'must be a string that does not begin with "$"',
  maxMetadataDepth: integerFrom(1, 10),
  timeoutMs: integerFrom(1, MAX_TIMER_MS),
  deadlineMs: integerFrom(1, MAX_TIMER_MS),
  maxRetries: integerFrom(0, 100),
  compression: (value) => (value === 'gzip' || value === 'none' ? undefined : 'must be "gzip" or "none"'),
  maxBatchBytes: integerFrom(MIN_BATCH_BYTES_LIMIT, MAX_BATCH_BYTES_LIMIT),
  dispatcher: (value) => (hasMethods(value, ['dispatch']) ? undefined : 'must be a dispatcher of undici'),
  logger: (value) =>
    hasMethods(value, ['error', 'warn', 'info', 'debug'])
      ? undefined
      : 'must be an object with the functions error, warn, info and debug',
  enabled: (value) =>
    typeof value === 'boolean' ? undefined : `must be true or false, not ${typeName(value)}`,
  includeAttributes: includeAttributesFlaw,
} satisfies Partial<Record<OptionName, Rule>>;

/** Every option, for finding misspelled ones. `satisfies` keeps the list complete. */
const OPTION_NAMES = {
  ...RULES,
  apiKey: true,
  endpoint: true,
  privacyMode: true,
  configFile: true,
} satisfies Record<OptionName, unknown>;

/** Values of the options in code, with defaults in place of what is absent. */
export function withDefaults(options: PostHogLLMSpanExporterOptions) {
  return {
    metadataPrefix: options.metadataPrefix ?? DEFAULT_METADATA_PREFIX,
    maxMetadataDepth: options.maxMetadataDepth ?? DEFAULT_MAX_METADATA_DEPTH,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    deadlineMs: options.deadlineMs ?? DEFAULT_DEADLINE_MS,
    maxRetries: options.maxRetries ?? DEFAULT_MAX_RETRIES,
    compression: options.compression ?? 'gzip',
    maxBatchBytes: options.maxBatchBytes ?? DEFAULT_MAX_BATCH_BYTES,
    includeAttributes: Object.freeze(
      Array.isArray(options.includeAttributes) ? [...options.includeAttributes] : [],
    ),
  } as const;
}

/** Reports every option in code that breaks its rule. Callers from JavaScript get no help from the types. */
export function checkOptions(options: PostHogLLMSpanExporterOptions, report: ConfigReport): void {
  for (const [name, rule] of Object.entries(RULES) as [keyof typeof RULES, Rule][]) {
    const flaw = options[name] === undefined ? undefined : rule(options[name]);
    if (flaw !== undefined) {
      reportFinding(
        report,
        { name, source: 'option' },
        name === 'headers'
          ? {
              code: 'headers-invalid',
              message: `The option "headers" cannot be used: ${flaw}.`,
              fix: 'Correct it or leave it out.',
            }
          : {
              code: 'option-invalid',
              message: `The option "${name}" ${flaw}.`,
              fix: 'Correct it, or leave it out to use the default.',
            },
      );
    }
  }
  checkOptionNames(options, report);
}

/** A misspelled `privacyMode` must not pass as "no privacy"; a name nothing like ours may belong to someone else. */
function checkOptionNames(options: PostHogLLMSpanExporterOptions, report: ConfigReport): void {
  const normalise = (name: string) => name.toLowerCase().replace(/[_-]/g, '');
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(OPTION_NAMES, name)) {
      continue;
    }
    const meant = Object.keys(OPTION_NAMES).find((known) => normalise(known) === normalise(name));
    if (meant === undefined) {
      report.warnings.push(`The option ${JSON.stringify(name)} is unknown and has no effect.`);
    } else {
      reportFinding(
        report,
        { name, source: 'option' },
        {
          code: 'option-misspelled',
          message: `There is no option ${JSON.stringify(name)}.`,
          fix: `Write "${meant}".`,
        },
      );
    }
  }
}

function integerFrom(min: number, max: number): Rule {
  return (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`;
}

function distinctIdFlaw(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return `must be a string or a function, not ${typeName(value)}`;
  }
  if (usableDistinctId(value) === undefined) {
    return 'is empty or one of the words that PostHog takes for no user at all';
  }
  return [...value.trim()].length <= MAX_DISTINCT_ID_LENGTH
    ? undefined
    : `must not be longer than ${MAX_DISTINCT_ID_LENGTH} characters`;
}

function includeAttributesFlaw(value: unknown): string | undefined {
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
    return 'must be an array of attribute names';
  }
  // A bare "*" would send prompts and headers past every rule; nobody should get that by one character.
  const isUsable = (entry: string) => /^[^*]+\*?$/.test(entry);
  return value.every(isUsable)
    ? undefined
    : 'must hold attribute names, or beginnings of names followed by one "*"';
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function')
  );
}
