import { resolve } from 'node:path';
import { typeName } from './api-key.ts';
import { DEFAULT_SPOOL_MAX_AGE_MS, DEFAULT_SPOOL_MAX_BYTES, MIN_HELD_BYTES } from './defaults.ts';
import type { PostHogLLMSpoolOptions } from './options.ts';

/** The option `spool` in force. */
export interface ResolvedSpool {
  /** Absolute. */
  readonly directory: string;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly mode: 'on-failure' | 'always';
}

const KNOWN = ['directory', 'maxBytes', 'maxAgeMs', 'mode'] satisfies (keyof PostHogLLMSpoolOptions)[];

/** What is wrong with the option, in words; `undefined` when nothing is. */
export function spoolFlaw(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `must be an object with a directory, not ${typeName(value)}`;
  }
  const { directory, maxBytes, maxAgeMs, mode } = value as Partial<
    Record<keyof PostHogLLMSpoolOptions, unknown>
  >;
  const unknown = Object.keys(value).find((key) => !KNOWN.some((known) => known === key));
  if (unknown !== undefined) return `has no setting ${JSON.stringify(unknown)}; it has ${KNOWN.join(', ')}`;
  if (typeof directory !== 'string' || directory.trim() === '' || directory.includes('\0')) {
    return 'must name a directory';
  }
  if (maxBytes !== undefined && !isAtLeast(MIN_HELD_BYTES, maxBytes)) {
    return `must have a whole number from ${MIN_HELD_BYTES} as "maxBytes"`;
  }
  if (maxAgeMs !== undefined && !isAtLeast(1, maxAgeMs)) {
    return 'must have a whole number of milliseconds as "maxAgeMs"';
  }
  return mode === undefined || mode === 'on-failure' || mode === 'always'
    ? undefined
    : 'must have "on-failure" or "always" as "mode"';
}

/** The option with its defaults. Gives nothing for a value with a flaw, which has been reported. */
export function resolveSpool(options: PostHogLLMSpoolOptions | undefined): ResolvedSpool | undefined {
  if (options === undefined || spoolFlaw(options) !== undefined) return undefined;
  return Object.freeze({
    directory: resolve(options.directory),
    maxBytes: options.maxBytes ?? DEFAULT_SPOOL_MAX_BYTES,
    maxAgeMs: options.maxAgeMs ?? DEFAULT_SPOOL_MAX_AGE_MS,
    mode: options.mode ?? 'on-failure',
  });
}

function isAtLeast(min: number, value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= min;
}
