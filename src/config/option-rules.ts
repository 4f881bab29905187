import { parseBytes } from './byte-size.ts';
import type { ConfigSource } from './config-error.ts';
import type { ValueRule } from './option-row.ts';
import { typeName } from './type-name.ts';

/** One of some words. */
export function oneOf<const Word extends string>(words: readonly Word[]): ValueRule<Word> {
  const quoted = words.map((word) => JSON.stringify(word));
  return {
    type: words.map((word) => `'${word}'`).join(' | '),
    schema: { enum: words },
    flaw: (value) => (words.some((word) => word === value) ? undefined : `must be ${quoted.join(' or ')}`),
  };
}

export function wholeNumber(min: number, max: number): ValueRule<number> {
  return {
    type: 'number',
    schema: { type: 'integer', minimum: min, maximum: max },
    flaw: (value) =>
      Number.isInteger(value) && (value as number) >= min && (value as number) <= max
        ? undefined
        : `must be a whole number from ${min} to ${max}`,
    fromText: numberFromText,
  };
}

/** A time in milliseconds. One below `oddBelowMs` was probably meant in seconds. */
export function milliseconds(min: number, max: number, oddBelowMs: number): ValueRule<number> {
  const rule = wholeNumber(min, max);
  return {
    ...rule,
    flaw: (value, source) => {
      const flaw = rule.flaw(value, source);
      return flaw === undefined || typeof value !== 'string' ? flaw : `${flaw}, in milliseconds`;
    },
    oddities: (value) =>
      value < oddBelowMs
        ? [`is ${value} milliseconds; if ${value} seconds are meant, write ${value * 1000}.`]
        : [],
  };
}

/** A size in bytes; in a file also with a unit, such as `64 MiB`. */
export function byteCount(min: number, max: number): ValueRule<number> {
  const rule = wholeNumber(min, max);
  return {
    ...rule,
    schema: { oneOf: [rule.schema, { type: 'string', pattern: BYTES_PATTERN }] },
    flaw: (value, source) => {
      const flaw = rule.flaw(value, source);
      return flaw === undefined || source === 'option' ? flaw : `${flaw}, or a size such as 64 MiB`;
    },
    fromText: (text) => parseBytes(text) ?? text,
    fromFile: (value) => (typeof value === 'string' ? (parseBytes(value) ?? value) : value),
  };
}

/** For editors; the rule itself is `parseBytes`. */
const BYTES_PATTERN = '^[0-9]+([.][0-9]+)? ?([kK]B|[MG]B|[KMG]iB|B)?$';

export function flag(): ValueRule<boolean> {
  return {
    type: 'boolean',
    schema: { type: 'boolean' },
    flaw: (value, source) => (typeof value === 'boolean' ? undefined : flagFlaw(value, source)),
    fromText: (text) => booleanFromText(text) ?? text,
  };
}

/** What to say of a value that is neither true nor false. */
export function flagFlaw(value: unknown, source: ConfigSource, alternative = ''): string {
  if (source === 'environment') return 'must be "true", "false", "1" or "0"';
  return `must be true or false${alternative}, not ${typeName(value)}`;
}

/** `true`, `false`, `1` or `0`, in upper or lower case; `undefined` for anything else. */
export function booleanFromText(text: string): boolean | undefined {
  switch (text.trim().toLowerCase()) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      return undefined;
  }
}

export function numberFromText(text: string): unknown {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Words separated by commas. */
export function wordsFromText(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** A function of the application; such an option exists in code only. */
export function callback<Callback>(type: string): ValueRule<Callback> {
  return {
    type,
    flaw: (value) => (typeof value === 'function' ? undefined : `must be a function, not ${typeName(value)}`),
  };
}

/** An object of another library, known by its methods; such an option exists in code only. */
export function objectWith<Thing>(
  type: string,
  methods: readonly (keyof Thing & string)[],
  words: string,
): ValueRule<Thing> {
  return { type, flaw: (value) => (hasMethods(value, methods) ? undefined : `must be ${words}`) };
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function')
  );
}
