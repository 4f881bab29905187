import { type Cost, isFree, toCost } from '../call/cost.ts';
import type { CallKind } from '../call/llm-call.ts';
import {
  decideCacheReporting,
  decideReasoningReporting,
  type Reporting,
  reportedOnly,
  type Usage,
} from '../call/usage.ts';
import type { FieldReader } from './field-reader.ts';

/** Tokens and price of a model call, as far as the span has them. */
export function readNumbers(
  reader: FieldReader,
  kind?: CallKind,
): {
  readonly usage?: Usage;
  readonly cost?: Cost;
} {
  const uncachedInputTokens = reader.get('uncachedInputTokens');
  const recordedInput = sum(reader.get('inputTokens'), reader.get('extraInputTokens'));
  const inputTokens = recordedInput ?? uncachedInputTokens;
  const recordedOutput = sum(reader.get('outputTokens'), reader.get('extraOutputTokens'));
  // Vectors are no tokens, whatever an emitter counts there.
  const outputTokens = kind === 'embedding' && recordedOutput !== 0 ? undefined : recordedOutput;
  const cacheReadTokens = reader.get('cacheReadTokens');
  const totalTokens = reader.get('totalTokens');
  const reasoningTokens = reader.get('reasoningTokens');
  const { cacheWriteTokens, cacheWrite5mTokens, cacheWrite1hTokens } = cacheWriteSplit(reader);
  const counts: Usage = {
    inputTokens,
    outputTokens,
    totalTokens,
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens,
    reasoningTokens,
    textInputTokens: reader.get('textInputTokens'),
    textOutputTokens: reader.get('textOutputTokens'),
    audioInputTokens: reader.get('audioInputTokens'),
    audioOutputTokens: reader.get('audioOutputTokens'),
    imageInputTokens: reader.get('imageInputTokens'),
    imageOutputTokens: reader.get('imageOutputTokens'),
    cacheReadAudioTokens: reader.get('cacheReadAudioTokens'),
    cacheReporting: decideCacheReporting({
      inputTokens,
      outputTokens,
      totalTokens,
      cacheReadTokens,
      cacheWriteTokens,
      uncachedInputTokens,
      knownReporting:
        recordedInput === undefined && uncachedInputTokens !== undefined
          ? 'exclusive'
          : knownBy(reader, 'cacheReporting'),
    }),
    reasoningReporting: decideReasoningReporting({
      inputTokens,
      outputTokens,
      totalTokens,
      reasoningTokens,
      textOutputTokens: reader.get('textOutputTokens'),
      knownReporting: knownBy(reader, 'reasoningReporting'),
    }),
  };
  const usage = hasFailed(reader) ? counts : reportedOnly(counts);
  const cost = toCost({
    inputUsd: reader.get('inputCostUsd'),
    outputUsd: reader.get('outputCostUsd'),
    totalUsd: reader.get('totalCostUsd'),
  });
  return {
    usage: Object.values(usage).some((count) => count !== undefined) ? { ...usage } : undefined,
    cost:
      cost && isFree(cost) && !reader.dialects.some(({ id }) => TELLS_FREE_CALLS.has(id)) ? undefined : cost,
  };
}

/**
 * Emitters whose price of zero is a price: OpenRouter's for its free models. Others write zero where they know no price
 * (OpenLIT and LiteLLM without the model in their list, Langfuse for failed calls).
 */
const TELLS_FREE_CALLS: ReadonlySet<string> = new Set(['openrouter']);

function hasFailed(reader: FieldReader): boolean {
  return reader.get('isError') === true || reader.get('errorType') !== undefined;
}

/** The first dialect of the span that knows how its emitter counts. */
function knownBy(reader: FieldReader, rule: 'cacheReporting' | 'reasoningReporting'): Reporting | undefined {
  for (const dialect of reader.dialects) {
    const reporting = dialect[rule]?.(reader);
    if (reporting !== undefined) return reporting;
  }
  return undefined;
}

/**
 * The lifetime split replaces the total on PostHog's bill, so it is kept only when it adds up to it. Of one lifetime
 * alone, the other is the rest of the total; without a total, the split is the total.
 */
function cacheWriteSplit(reader: FieldReader): Partial<Usage> {
  const total = reader.get('cacheWriteTokens');
  const fiveMinutes = reader.get('cacheWrite5mTokens');
  const oneHour = reader.get('cacheWrite1hTokens');
  if (fiveMinutes === undefined && oneHour === undefined) return { cacheWriteTokens: total };
  const sum = (fiveMinutes ?? 0) + (oneHour ?? 0);
  const whole = total ?? sum;
  const cacheWrite5mTokens = fiveMinutes ?? whole - (oneHour ?? 0);
  const cacheWrite1hTokens = oneHour ?? whole - (fiveMinutes ?? 0);
  const addsUp = cacheWrite5mTokens >= 0 && cacheWrite5mTokens + cacheWrite1hTokens === whole;
  return addsUp && cacheWrite1hTokens >= 0
    ? { cacheWriteTokens: whole, cacheWrite5mTokens, cacheWrite1hTokens }
    : { cacheWriteTokens: total };
}

function sum(count: number | undefined, extra: number | undefined): number | undefined {
  return count === undefined || extra === undefined ? count : count + extra;
}
