import { MAX_TIMER_MS } from '../deliver/clock.ts';
import { MAX_DISTINCT_ID_CHARACTERS, usableDistinctId } from '../translate/event/identity.ts';
import { REDACTOR_NAMES, redactorsNamed } from '../translate/privacy/redactors.ts';
import { compileRule } from '../translate/selection/compile-rule.ts';
import type { SelectionOptions } from '../translate/selection/select-call.ts';
import { typeName } from './api-key.ts';
import { type ConfigReport, reportFinding } from './config-report.ts';
import {
  DEFAULT_DEADLINE_MS,
  DEFAULT_MAX_BATCH_BYTES,
  DEFAULT_MAX_IN_FLIGHT_BYTES,
  DEFAULT_MAX_METADATA_DEPTH,
  DEFAULT_MAX_RETRIES,
  DEFAULT_METADATA_PREFIX,
  DEFAULT_TIMEOUT_MS,
  MAX_BATCH_BYTES_LIMIT,
  MIN_BATCH_BYTES_LIMIT,
  MIN_HELD_BYTES,
  MIN_SAMPLING_RATE,
} from './defaults.ts';
import { headersFlaw } from './headers.ts';
import type { PostHogLLMSpanExporterOptions } from './options.ts';
import { resolveSpool, spoolFlaw } from './spool-options.ts';

type OptionName = keyof PostHogLLMSpanExporterOptions;

/** What is wrong with a value, in words; `undefined` when nothing is. */
type Rule = (value: unknown) => string | undefined;

/** Options that exist in code only, each with its rule. The others are checked where their sources are joined. */
const RULES = {
  headers: (value) => (typeof value === 'function' ? undefined : headersFlaw(value)),
  distinctId: (value) => (typeof value === 'function' ? undefined : distinctIdFlaw(value)),
  media: (value) => (value === 'remove' || value === 'keep' ? undefined : 'must be "remove" or "keep"'),
  redact: redactFlaw,
  mask: (value) => (typeof value === 'function' ? undefined : `must be a function, not ${typeName(value)}`),
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
  maxInFlightBytes: integerFrom(MIN_HELD_BYTES, Number.MAX_SAFE_INTEGER),
  spool: spoolFlaw,
  meterProvider: (value) =>
    hasMethods(value, ['getMeter']) ? undefined : 'must be a meter provider of OpenTelemetry',
  dispatcher: (value) => (hasMethods(value, ['dispatch']) ? undefined : 'must be a dispatcher of undici'),
  logger: (value) =>
    hasMethods(value, ['error', 'warn', 'info', 'debug'])
      ? undefined
      : 'must be an object with the functions error, warn, info and debug',
  enabled: (value) =>
    typeof value === 'boolean' ? undefined : `must be true or false, not ${typeName(value)}`,
  includeAttributes: includeAttributesFlaw,
  samplingRate: (value) =>
    typeof value === 'number' && value >= MIN_SAMPLING_RATE && value <= 1
      ? undefined
      : `must be a number from ${MIN_SAMPLING_RATE} to 1`,
  alwaysKeep: alwaysKeepFlaw,
  filter: (value) => (typeof value === 'function' ? undefined : `must be a function, not ${typeName(value)}`),
  rules: (value) => {
    const compiled = compileRule(value);
    return compiled.type === 'usable' ? undefined : `cannot be used: ${compiled.flaws.join('; ')}`;
  },
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
    maxInFlightBytes: options.maxInFlightBytes ?? DEFAULT_MAX_IN_FLIGHT_BYTES,
    spool: resolveSpool(options.spool),
    content: {
      media: options.media ?? 'remove',
      mask: options.mask,
      redact: Array.isArray(options.redact) ? redactorsNamed(options.redact) : [],
      metadataPrefix: options.metadataPrefix ?? DEFAULT_METADATA_PREFIX,
    },
    selection: selectionOf(options),
    includeAttributes: Object.freeze(
      Array.isArray(options.includeAttributes) ? [...options.includeAttributes] : [],
    ),
  } as const;
}

function selectionOf({
  samplingRate,
  alwaysKeep,
  filter,
  rules,
}: PostHogLLMSpanExporterOptions): SelectionOptions {
  const compiled = rules === undefined ? undefined : compileRule(rules);
  return {
    rules: compiled?.type === 'usable' ? compiled.test : undefined,
    filter,
    sampling: { rate: samplingRate ?? 1, alwaysKeep: alwaysKeep ?? {} },
  };
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

function redactFlaw(value: unknown): string | undefined {
  const isKnown = (name: unknown) => (REDACTOR_NAMES as readonly unknown[]).includes(name);
  return Array.isArray(value) && value.every(isKnown)
    ? undefined
    : `must be a list of ${REDACTOR_NAMES.join(', ')}`;
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
  return [...value.trim()].length <= MAX_DISTINCT_ID_CHARACTERS
    ? undefined
    : `must not be longer than ${MAX_DISTINCT_ID_CHARACTERS} characters`;
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

function alwaysKeepFlaw(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return `must be an object, not ${typeName(value)}`;
  for (const [name, held] of Object.entries(value)) {
    if (held === undefined) continue;
    if (name === 'errors') {
      if (typeof held !== 'boolean') return 'must have true or false as "errors"';
    } else if (name === 'slowerThanMs' || name === 'costlierThanUsd') {
      if (!(typeof held === 'number' && held >= 0)) return `must have a number from 0 as "${name}"`;
    } else {
      return `has the unknown member ${JSON.stringify(name)}`;
    }
  }
  return undefined;
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function')
  );
}
