import { readLooseLiteral } from '../../messages/loose-literal.ts';
import { isRecord, parseJson } from '../../messages/recorded-json.ts';
import type { FieldValues } from '../fields.ts';
import { toCount } from './values.ts';
import { wordsOf } from './words.ts';

/** Token counts that a usage object can hold. */
export type TokenField = Extract<keyof FieldValues, `${string}Tokens`>;
export type TokenCounts = { readonly [F in TokenField]?: number };

/**
 * What the last words of a name count, in every spelling that providers and libraries use: `promptTokens`,
 * `usage.input_tokens`, `input_token_details.cache_read`. The longest ending that is in the table decides, so that
 * `prompt_tokens_details.cached_tokens` is no count of prompt tokens; `-` stands for counts that are none of these.
 */
const TOKEN_WORDS: ReadonlyArray<readonly [field: TokenField | '-', endings: string]> = [
  [
    'inputTokens',
    `prompt tokens, input tokens, prompt token count, input token count, tokens prompt, tokens input, tokens in,
     token count prompt, token count input, token usage prompt, token usage input, usage prompt, usage input,
     num prompt tokens, num input tokens, prompt eval count, tokens sent, request tokens`,
  ],
  [
    'outputTokens',
    `completion tokens, output tokens, completion token count, output token count, candidates token count,
     candidate tokens, tokens completion, tokens output, tokens out, token count completion, token count output,
     token usage completion, token usage output, usage completion, usage output, generated tokens, tokens generated,
     eval count, tokens received, response tokens, response token count, num generated tokens, generation tokens`,
  ],
  [
    'totalTokens',
    `total tokens, total token count, tokens total, token count total, token usage total, usage total, tokens used,
     num tokens total`,
  ],
  [
    'uncachedInputTokens',
    'no cache tokens, uncached tokens, uncached input tokens, non cached input tokens, non cached tokens',
  ],
  [
    'cacheReadTokens',
    `cache read input tokens, cache read tokens, cache read input token count, cache read token count, cached tokens,
     cached input tokens, cached prompt tokens, input cached tokens, prompt cached tokens, cached token count,
     cached content token count, cached content tokens, tokens cached, tokens cache read, token details cache read,
     tokens details cache read, usage cache read, usage cached, prompt cache hit tokens, cache hit tokens,
     input tokens cached, input tokens cache read, cache read, cached input token count`,
  ],
  [
    'cacheWriteTokens',
    `cache creation input tokens, cache write input tokens, cache creation tokens, cache write tokens,
     cache write input token count, cache creation input token count, cache write token count, tokens cache write,
     token details cache creation, tokens details cache creation, token details cache write, usage cache write,
     usage cache creation, input tokens cache write, input tokens cache creation, cache write, cache creation`,
  ],
  [
    'cacheWrite5mTokens',
    'ephemeral 5m input tokens, cache creation 5m input tokens, cache creation ephemeral 5m',
  ],
  [
    'cacheWrite1hTokens',
    'ephemeral 1h input tokens, cache creation 1h input tokens, cache creation ephemeral 1h',
  ],
  [
    'reasoningTokens',
    `reasoning tokens, reasoning output tokens, thoughts tokens, thought tokens, thinking tokens, thoughts token count,
     reasoning token count, tokens reasoning, token details reasoning, tokens details reasoning, usage reasoning,
     output tokens reasoning`,
  ],
  ['textInputTokens', 'text input tokens, text prompt tokens'],
  ['textOutputTokens', 'text output tokens, text completion tokens'],
  ['audioInputTokens', 'audio input tokens, input audio tokens, prompt audio tokens'],
  ['audioOutputTokens', 'audio output tokens, output audio tokens, completion audio tokens'],
  ['imageInputTokens', 'image input tokens, input image tokens'],
  ['imageOutputTokens', 'image output tokens, output image tokens'],
  ['cacheReadAudioTokens', 'audio cache read input tokens, cached audio tokens'],
  [
    '-',
    `tool use prompt token count, prompt cache miss tokens, max input tokens, max output tokens, max prompt tokens,
     max completion tokens, max total tokens, estimated prompt tokens, estimated completion tokens, min output tokens,
     limit input tokens, remaining tokens`,
  ],
];

const BY_ENDING: ReadonlyMap<string, TokenField | '-'> = new Map(
  TOKEN_WORDS.flatMap(([field, endings]) =>
    endings.split(',').map((ending) => [ending.trim().replace(/\s+/g, ' '), field] as const),
  ),
);

/** Words of the longest ending in the table. */
const MAX_WORDS = 5;

/** What a name counts, by its last words; `undefined` when it counts no tokens. */
export function tokenFieldOf(words: readonly string[]): TokenField | undefined {
  for (let length = Math.min(MAX_WORDS, words.length); length > 0; length--) {
    const field = BY_ENDING.get(words.slice(-length).join(' '));
    if (field !== undefined) return field === '-' ? undefined : field;
  }
  return undefined;
}

/** Provider objects nest their details two levels deep. */
const MAX_DEPTH = 3;
/** No usage object has as many members; what has is none. */
const MAX_MEMBERS = 100;

/**
 * The token counts of a usage object: of any provider, flat or with nested details, as JSON text, as Python's `repr` of a
 * dict or a class, or as one number, which is the total.
 * @param value structured or text; what is no usage gives no counts
 */
export function readUsageObject(value: unknown): TokenCounts {
  const total = toCount(value);
  if (total !== undefined) return { totalTokens: total };
  const parsed = parseJson(value);
  const usage = typeof parsed === 'string' ? readLooseLiteral(parsed)?.value : parsed;
  if (!isRecord(usage)) return {};
  const counts: { [F in TokenField]?: number } = {};
  addCounts(usage, ['usage'], counts, MAX_DEPTH);
  return counts;
}

function addCounts(
  usage: Readonly<Record<string, unknown>>,
  path: readonly string[],
  counts: { [F in TokenField]?: number },
  depth: number,
): void {
  for (const [key, value] of Object.entries(usage).slice(0, MAX_MEMBERS)) {
    const words = [...path, ...wordsOf(key)];
    if (isRecord(value)) {
      if (depth > 1) addCounts(value, words, counts, depth - 1);
      continue;
    }
    const field = tokenFieldOf(words);
    const count = field === undefined ? undefined : toCount(value);
    // An outer count is the whole, an inner one of the same name a part.
    if (field !== undefined && count !== undefined) counts[field] ??= count;
  }
}
