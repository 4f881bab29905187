/**
 * A value that must not be seen. Printing it in any way (string, JSON, `util.inspect`, template) shows the masked
 * form; only `reveal()` gives the value.
 */
export interface Secret {
  /** The value itself. Call it at the last moment, where the value goes on the wire. */
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

/** Keys shorter than this are masked whole: what stays visible must be a small part of the key. */
const MIN_LENGTH_FOR_PARTIAL_MASK = 24;
const VISIBLE_TAIL_LENGTH = 4;
const FULL_MASK = '****';

/** Anything that looks like a key of PostHog: project (`phc_`), personal (`phx_`), feature flag (`phs_`), OAuth. */
const POSTHOG_KEY_PATTERN = /(?<![A-Za-z0-9])ph[a-z]_[A-Za-z0-9_-]{4,}/g;

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Wraps a value so that it cannot be printed by accident. */
export function createSecret(value: string): Secret {
  const masked = maskKey(value);
  const secret: Secret & { [INSPECT]: () => string } = {
    reveal: () => value,
    toString: () => masked,
    toJSON: () => masked,
    [INSPECT]: () => masked,
  };
  return Object.freeze(secret);
}

/**
 * The form in which a key may be shown: `phc_ab…wxyz`, enough to tell two keys apart. Short keys and everything
 * that is not a project key are masked whole; of a personal key only the prefix is kept.
 */
export function maskKey(key: string): string {
  if (key === '') {
    return '';
  }
  if (key.startsWith('phx_')) {
    return `phx_${FULL_MASK}`;
  }
  if (!key.startsWith('phc_') || key.length < MIN_LENGTH_FOR_PARTIAL_MASK) {
    return FULL_MASK;
  }
  return `${key.slice(0, 'phc_'.length + 2)}…${key.slice(-VISIBLE_TAIL_LENGTH)}`;
}

/** Masks every PostHog key, and every one of the given secrets, that occurs in a text. */
export function maskSecretsIn(text: string, secrets: readonly string[] = []): string {
  let masked = text;
  for (const secret of secrets) {
    if (secret !== '') {
      masked = masked.replaceAll(secret, maskKey(secret));
    }
  }
  return masked.replaceAll(POSTHOG_KEY_PATTERN, (key) => maskKey(key));
}
