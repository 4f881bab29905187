import type { Logger } from '../ledger/log.ts';
import type { DistinctIdOfCall } from '../translate/event/identity.ts';
import { MAX_DISTINCT_ID_CHARACTERS, usableDistinctId } from '../translate/event/identity.ts';
import { type ModelPrices, PRICE_PROPERTIES } from '../translate/event/model-prices.ts';
import type { PrivacyDecision } from '../translate/privacy/decide-privacy.ts';
import { REDACTOR_NAMES, type RedactorName } from '../translate/privacy/redactors.ts';
import { compileRule } from '../translate/selection/compile-rule.ts';
import type { Rule } from '../translate/selection/rule.ts';
import type { AlwaysKeep } from '../translate/selection/sample.ts';
import { checkApiKey } from './api-key.ts';
import { MIN_SAMPLING_RATE } from './defaults.ts';
import { checkEndpoint } from './endpoint.ts';
import { headersFlaw } from './headers.ts';
import type { ValueRule } from './option-row.ts';
import { booleanFromText, flagFlaw, numberFromText, objectWith, wordsFromText } from './option-rules.ts';
import type { HeaderMap } from './options.ts';
import { typeName } from './type-name.ts';

// Rules that belong to one option each.

export const apiKeyRule: ValueRule<string> = {
  type: 'string',
  schema: { type: 'string' },
  flaw: (value, source) => {
    const check = checkApiKey(value);
    if (check.type === 'usable') return undefined;
    const { finding } = check;
    return finding.code === 'api-key-missing' && source === 'option'
      ? // A blank option also hides a variable that may well be set.
        { ...API_KEY_MISSING, message: 'The option "apiKey" is empty.' }
      : finding;
  },
  oddities: (value) => {
    const check = checkApiKey(value);
    return check.type === 'usable' ? check.warnings : [];
  },
};

export const API_KEY_MISSING = {
  code: 'api-key-missing',
  message: 'There is no API key.',
  fix: 'Set the option "apiKey" or the environment variable POSTHOG_API_KEY. Use the project API key (it begins with "phc_"); PostHog shows it under Settings, Project, General.',
} as const;

export const endpointRule: ValueRule<'us' | 'eu' | (string & {})> = {
  type: "'us' | 'eu' | URL",
  schema: { type: 'string', examples: ['us', 'eu', 'https://example.com/ingest'] },
  flaw: (value) => {
    const check = checkEndpoint(value);
    return check.type === 'usable' ? undefined : check.finding;
  },
  oddities: (value) => {
    const check = checkEndpoint(value);
    return check.type === 'usable' ? check.warnings : [];
  },
};

export const headersRule: ValueRule<HeaderMap | (() => HeaderMap | Promise<HeaderMap>)> = {
  type: 'object | (async) function',
  schema: { type: 'object', additionalProperties: { type: 'string' } },
  flaw: (value, source) => {
    if (source === 'option' && typeof value === 'function') return undefined;
    const flaw = headersFlaw(value);
    return flaw === undefined ? undefined : `cannot be used: ${flaw}`;
  },
};

export const privacyModeRule: ValueRule<boolean | PrivacyDecision> = {
  type: 'boolean | (call) => boolean',
  schema: { type: 'boolean' },
  fromText: (text) => booleanFromText(text) ?? text,
  flaw: (value, source) => {
    if (typeof value === 'boolean' || (source === 'option' && typeof value === 'function')) return undefined;
    return flagFlaw(value, source, source === 'option' ? ', or a function of the call' : '');
  },
};

export const redactRule: ValueRule<readonly RedactorName[]> = {
  type: 'list of names',
  schema: { type: 'array', items: { enum: REDACTOR_NAMES } },
  flaw: (value) => {
    const isKnown = (name: unknown) => (REDACTOR_NAMES as readonly unknown[]).includes(name);
    return Array.isArray(value) && value.every(isKnown)
      ? undefined
      : `must be a list of ${REDACTOR_NAMES.join(', ')}`;
  },
  fromText: wordsFromText,
};

export const distinctIdRule: ValueRule<string | DistinctIdOfCall> = {
  type: 'string | (call) => string',
  schema: { type: 'string', maxLength: MAX_DISTINCT_ID_CHARACTERS },
  flaw: (value, source) => {
    if (source === 'option' && typeof value === 'function') return undefined;
    if (typeof value !== 'string') return `must be a string or a function, not ${typeName(value)}`;
    if (usableDistinctId(value) === undefined) {
      return 'is empty or one of the words that PostHog takes for no user at all';
    }
    return [...value.trim()].length <= MAX_DISTINCT_ID_CHARACTERS
      ? undefined
      : `must not be longer than ${MAX_DISTINCT_ID_CHARACTERS} characters`;
  },
};

export const metadataPrefixRule: ValueRule<string> = {
  type: 'string',
  schema: { type: 'string', pattern: '^([^$].*)?$' },
  flaw: (value) =>
    typeof value === 'string' && !value.startsWith('$')
      ? undefined
      : 'must be a string that does not begin with "$"',
};

export const includeAttributesRule: ValueRule<readonly string[]> = {
  type: 'list of names',
  schema: { type: 'array', items: { type: 'string', pattern: '^[^*]+\\*?$' } },
  flaw: (value) => {
    if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
      return 'must be an array of attribute names';
    }
    // A bare "*" would send prompts and headers past every rule; one character must not be enough for that.
    return value.every((entry) => /^[^*]+\*?$/.test(entry))
      ? undefined
      : 'must hold attribute names, or beginnings of names followed by one "*"';
  },
  fromText: wordsFromText,
};

export const samplingRateRule: ValueRule<number> = {
  type: 'number',
  schema: { type: 'number', minimum: MIN_SAMPLING_RATE, maximum: 1 },
  flaw: (value) => {
    if (typeof value === 'number' && value >= MIN_SAMPLING_RATE && value <= 1) return undefined;
    const flaw = `must be a number from ${MIN_SAMPLING_RATE} to 1`;
    if (typeof value !== 'number') return flaw;
    if (value > 1 && value <= 100)
      return `${flaw}; for ${value} % write ${Number((value / 100).toPrecision(6))}`;
    return value === 0 ? `${flaw}; to send nothing, set "enabled" to false` : flaw;
  },
  fromText: numberFromText,
};

export const alwaysKeepRule: ValueRule<AlwaysKeep> = {
  type: '{ errors, slowerThanMs, costlierThanUsd }',
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      errors: { type: 'boolean' },
      slowerThanMs: { type: 'number', minimum: 0 },
      costlierThanUsd: { type: 'number', minimum: 0 },
    },
  },
  flaw: (value) => {
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
  },
};

const PRICE_NAMES = Object.keys(PRICE_PROPERTIES);
const NEEDED_PRICES = ['inputUsdPerMillionTokens', 'outputUsdPerMillionTokens'] as const;

export const modelPricesRule: ValueRule<ModelPrices> = {
  type: 'prices by model',
  schema: {
    type: 'object',
    additionalProperties: {
      type: 'object',
      additionalProperties: false,
      required: NEEDED_PRICES,
      properties: Object.fromEntries(PRICE_NAMES.map((name) => [name, { type: 'number', minimum: 0 }])),
    },
  },
  flaw: (value) => {
    if (!isPlainObject(value)) return `must be an object of prices by model, not ${typeName(value)}`;
    for (const [model, price] of Object.entries(value)) {
      const flaw = priceFlaw(price);
      if (flaw !== undefined) return `must have for ${JSON.stringify(model)} ${flaw}`;
    }
    return undefined;
  },
};

function priceFlaw(price: unknown): string | undefined {
  if (!isPlainObject(price)) return `an object of prices, not ${typeName(price)}`;
  const stray = Object.keys(price).find((name) => !PRICE_NAMES.includes(name));
  if (stray !== undefined) return `no member ${JSON.stringify(stray)}, but ${PRICE_NAMES.join(', ')}`;
  const isPrice = (held: unknown) => typeof held === 'number' && Number.isFinite(held) && held >= 0;
  const missing = NEEDED_PRICES.find((name) => !isPrice(price[name]));
  if (missing !== undefined)
    return `a number from 0 as "${missing}"; PostHog takes own prices only with both`;
  const wrong = Object.entries(price).find(([, held]) => held !== undefined && !isPrice(held));
  return wrong && `a number from 0 as "${wrong[0]}"`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const rulesRule: ValueRule<Rule> = {
  type: 'condition or group',
  schema: { type: 'object' },
  flaw: (value) => {
    const compiled = compileRule(value);
    return compiled.type === 'usable' ? undefined : `cannot be used: ${compiled.flaws.join('; ')}`;
  },
};

const loggerObject = objectWith<Logger>(
  'logger',
  ['error', 'warn', 'info', 'debug'],
  'an object with the functions error, warn, info and debug, or false',
);

export const loggerRule: ValueRule<Logger | false> = {
  type: 'logger | false',
  flaw: (value, source) => (value === false ? undefined : loggerObject.flaw(value, source)),
};

export const enabledRule: ValueRule<boolean | 'auto'> = {
  type: "boolean | 'auto'",
  schema: { enum: [true, false, 'auto'] },
  flaw: (value) =>
    typeof value === 'boolean' || value === 'auto'
      ? undefined
      : `must be true, false or "auto", not ${typeof value === 'string' ? JSON.stringify(value) : typeName(value)}`,
  fromText: (text) => booleanFromText(text) ?? text,
};

export const uiHostRule: ValueRule<string> = {
  type: 'URL',
  schema: { type: 'string', examples: ['https://posthog.example.com'] },
  flaw: (value) => {
    const url =
      typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value)
        ? new URL(value)
        : undefined;
    if (url === undefined) return 'must be a URL such as "https://posthog.example.com"';
    const isPlain = [url.username, url.password, url.search, url.hash].every((part) => part === '');
    return isPlain
      ? undefined
      : 'must be a URL without user name, password, query and fragment, since links show it';
  },
};

export const destinationRule: ValueRule<string> = {
  type: 'string',
  flaw: (value) => (typeof value === 'string' && value.trim() !== '' ? undefined : 'must be a name'),
};

export const configFileRule: ValueRule<string | boolean> = {
  type: 'path | boolean',
  flaw: (value) =>
    typeof value === 'boolean' || (typeof value === 'string' && value.trim() !== '')
      ? undefined
      : 'must be a path, true or false',
};
