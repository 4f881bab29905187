import { type Cost, toCost } from '../call/cost.ts';
import { decideCacheReporting, decideReasoningReporting, type Reporting, type Usage } from '../call/usage.ts';
import type { FieldReader } from './field-reader.ts';

/** Tokens and price of a model call, as far as the span has them. */
export function readNumbers(reader: FieldReader): {
  readonly usage?: Usage;
  readonly cost?: Cost;
} {
  const inputTokens = sum(reader.get('inputTokens'), reader.get('extraInputTokens'));
  const outputTokens = sum(reader.get('outputTokens'), reader.get('extraOutputTokens'));
  const cacheReadTokens = reader.get('cacheReadTokens');
  const cacheWriteTokens = reader.get('cacheWriteTokens');
  const totalTokens = reader.get('totalTokens');
  const reasoningTokens = reader.get('reasoningTokens');
  const { cacheWrite5mTokens, cacheWrite1hTokens } = cacheWriteSplit(reader, cacheWriteTokens);
  const usage: Usage = {
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
      uncachedInputTokens: reader.get('uncachedInputTokens'),
      knownReporting: knownBy(reader, 'cacheReporting'),
    }),
    reasoningReporting: decideReasoningReporting({
      inputTokens,
      outputTokens,
      totalTokens,
      reasoningTokens,
      knownReporting: knownBy(reader, 'reasoningReporting'),
    }),
  };
  return {
    usage: Object.values(usage).some((count) => count !== undefined) ? { ...usage } : undefined,
    cost: toCost({
      inputUsd: reader.get('inputCostUsd'),
      outputUsd: reader.get('outputCostUsd'),
      totalUsd: reader.get('totalCostUsd'),
    }),
  };
}

/** The first dialect of the span that knows how its emitter counts. */
function knownBy(reader: FieldReader, rule: 'cacheReporting' | 'reasoningReporting'): Reporting | undefined {
  for (const dialect of reader.dialects) {
    const reporting = dialect[rule]?.(reader);
    if (reporting !== undefined) return reporting;
  }
  return undefined;
}

/** The lifetime split replaces the total on PostHog's bill, so it is kept only when it adds up to it. */
function cacheWriteSplit(reader: FieldReader, total: number | undefined): Partial<Usage> {
  const fiveMinutes = reader.get('cacheWrite5mTokens');
  const oneHour = reader.get('cacheWrite1hTokens');
  if (fiveMinutes === undefined || oneHour === undefined || fiveMinutes + oneHour !== total) return {};
  return { cacheWrite5mTokens: fiveMinutes, cacheWrite1hTokens: oneHour };
}

function sum(count: number | undefined, extra: number | undefined): number | undefined {
  return count === undefined || extra === undefined ? count : count + extra;
}
