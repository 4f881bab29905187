import { isRecord } from '../messages/recorded-json.ts';
import { readAnswerFacts } from './shared/answer-facts.ts';
import { toCount } from './shared/values.ts';

type Usage = Readonly<Record<string, unknown>>;
type Side = 'input' | 'output';

/**
 * Langfuse's usage is a list of buckets. Its convention, followed by its own integrations, is that they do not overlap:
 * `input` is without `input_cached_tokens`, `output` without `output_reasoning_tokens`, audio and the rest. Buckets set
 * by hand may overlap all the same; the total, when there is one, decides.
 */
export function sideTokens(usage: unknown, side: Side): number | undefined {
  if (!isRecord(usage)) return undefined;
  const bucket = toCount(usage[side]);
  if (bucket === undefined) return firstCount(usage, WHOLE[side]);
  return bucket + (areDisjoint(usage) ? detailSum(usage, side) : 0);
}

export function totalTokens(usage: unknown): number | undefined {
  return isRecord(usage) ? firstCount(usage, ['total', 'total_tokens', 'totalTokens']) : undefined;
}

export function cacheTokens(usage: unknown, side: 'read' | 'write'): number | undefined {
  if (!isRecord(usage)) return undefined;
  const { cacheReadTokens, cacheWriteTokens } = readAnswerFacts({ usage });
  return firstCount(usage, CACHE[side]) ?? (side === 'read' ? cacheReadTokens : cacheWriteTokens);
}

export function reasoningTokens(usage: unknown): number | undefined {
  if (!isRecord(usage)) return undefined;
  return (
    firstCount(usage, ['output_reasoning_tokens', 'output_reasoning', 'reasoning_tokens']) ??
    readAnswerFacts({ usage }).reasoningTokens
  );
}

export function audioTokens(usage: unknown, side: Side): number | undefined {
  return isRecord(usage) ? firstCount(usage, [`${side}_audio_tokens`, `${side}_audio`]) : undefined;
}

/** The providers' own words: counts that contain their details. */
const WHOLE: Readonly<Record<Side, readonly string[]>> = {
  input: ['prompt_tokens', 'input_tokens', 'promptTokens', 'inputTokens'],
  output: ['completion_tokens', 'output_tokens', 'completionTokens', 'outputTokens'],
};

const CACHE = {
  read: ['input_cached_tokens', 'input_cache_read', 'cache_read_input_tokens', 'input_cache_read_tokens'],
  write: ['input_cache_creation', 'cache_creation_input_tokens', 'input_cache_creation_tokens'],
} as const;

/** Buckets of the input that Anthropic's words put under no common beginning. */
const OTHER_INPUT: ReadonlySet<string> = new Set(['cache_read_input_tokens', 'cache_creation_input_tokens']);

function areDisjoint(usage: Usage): boolean {
  const total = totalTokens(usage);
  const sides = (toCount(usage.input) ?? 0) + (toCount(usage.output) ?? 0);
  return total === undefined || total !== sides;
}

function detailSum(usage: Usage, side: Side): number {
  let sum = 0;
  for (const [name, value] of Object.entries(usage)) {
    const isDetail = name.startsWith(`${side}_`) && !WHOLE[side].includes(name);
    if (isDetail || (side === 'input' && OTHER_INPUT.has(name))) sum += toCount(value) ?? 0;
  }
  return sum;
}

function firstCount(usage: Usage, names: readonly string[]): number | undefined {
  for (const name of names) {
    const count = toCount(usage[name]);
    if (count !== undefined) return count;
  }
  return undefined;
}
