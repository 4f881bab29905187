import { resolve } from 'node:path';
import { DEFAULT_SPOOL_MAX_AGE_MS, DEFAULT_SPOOL_MAX_BYTES, MIN_HELD_BYTES } from './defaults.ts';
import type { ValueRule } from './option-row.ts';
import { byteCount, milliseconds, oneOf } from './option-rules.ts';
import type { PostHogLLMSpoolOptions } from './options.ts';
import { typeName } from './type-name.ts';

/** The option `spool` in force. */
export interface ResolvedSpool {
  /** Absolute. */
  readonly directory: string;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly mode: 'on-failure' | 'always';
}

/** Members of the option beside `directory`, each with its rule. */
const MEMBERS = {
  maxBytes: byteCount(MIN_HELD_BYTES, Number.MAX_SAFE_INTEGER),
  maxAgeMs: milliseconds(1, Number.MAX_SAFE_INTEGER, 0),
  mode: oneOf(['on-failure', 'always']),
} satisfies Record<Exclude<keyof PostHogLLMSpoolOptions, 'directory'>, ValueRule<never>>;

export const spoolRule: ValueRule<PostHogLLMSpoolOptions> = {
  type: '{ directory, maxBytes, maxAgeMs, mode }',
  schema: {
    type: 'object',
    required: ['directory'],
    additionalProperties: false,
    properties: {
      directory: { type: 'string', minLength: 1 },
      ...Object.fromEntries(Object.entries(MEMBERS).map(([name, { schema }]) => [name, schema])),
    },
  },
  flaw: (value, source) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return `must be an object with a directory, not ${typeName(value)}`;
    }
    for (const [name, held] of Object.entries(value)) {
      if (name === 'directory') continue;
      if (!Object.hasOwn(MEMBERS, name)) {
        return `has no setting ${JSON.stringify(name)}; it has directory, ${Object.keys(MEMBERS).join(', ')}`;
      }
      const flaw = held === undefined ? undefined : MEMBERS[name as keyof typeof MEMBERS].flaw(held, source);
      if (flaw !== undefined) return `has a wrong "${name}": it ${String(flaw)}`;
    }
    const { directory } = value as { readonly directory?: unknown };
    return typeof directory !== 'string' || directory.trim() === '' || directory.includes('\0')
      ? 'must name a directory'
      : undefined;
  },
  // Only the directory can be said by a variable.
  fromText: (directory) => ({ directory }),
  fromFile: (value) => {
    const isObject = typeof value === 'object' && value !== null;
    if (!isObject || !('maxBytes' in value)) return value;
    return { ...value, maxBytes: MEMBERS.maxBytes.fromFile?.(value.maxBytes) };
  },
};

/** The option with its defaults. */
export function resolveSpool({ directory, maxBytes, maxAgeMs, mode }: PostHogLLMSpoolOptions): ResolvedSpool {
  return Object.freeze({
    directory: resolve(directory),
    maxBytes: maxBytes ?? DEFAULT_SPOOL_MAX_BYTES,
    maxAgeMs: maxAgeMs ?? DEFAULT_SPOOL_MAX_AGE_MS,
    mode: mode ?? 'on-failure',
  });
}
