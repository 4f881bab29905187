/** Token counts of one model call. An absent count is unknown, never zero. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly totalTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  /** Anthropic's split of cache writes by lifetime; present only when the two add up to the total. */
  readonly cacheWrite5mTokens?: number;
  readonly cacheWrite1hTokens?: number;
  readonly reasoningTokens?: number;
  readonly textInputTokens?: number;
  readonly textOutputTokens?: number;
  readonly audioInputTokens?: number;
  readonly audioOutputTokens?: number;
  readonly imageInputTokens?: number;
  readonly imageOutputTokens?: number;
  readonly cacheReadAudioTokens?: number;
  /** Whether cache tokens are outside `inputTokens`; set exactly when cache tokens are known. */
  readonly cacheReporting?: Reporting;
  /** Whether reasoning tokens are outside `outputTokens`; set exactly when reasoning tokens are known. */
  readonly reasoningReporting?: Reporting;
}

/** `inclusive`: the part is contained in the total (OpenTelemetry's rule). `exclusive`: it comes on top. */
export type Reporting = 'inclusive' | 'exclusive';

/** Everything the cache rule looks at. */
export interface CacheEvidence {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly totalTokens: number | undefined;
  readonly cacheReadTokens: number | undefined;
  readonly cacheWriteTokens: number | undefined;
  /** Uncached part of the input, when the instrumentation reports it (AI SDK 6 and later). */
  readonly uncachedInputTokens: number | undefined;
  /** What is known of the instrumentation that wrote the numbers. */
  readonly knownReporting: Reporting | undefined;
}

/**
 * Decides whether the input count includes cached tokens: arithmetic that leaves one answer first, then what is known
 * of the instrumentation, then OpenTelemetry's rule (inclusive).
 */
export function decideCacheReporting(evidence: CacheEvidence): Reporting | undefined {
  const { inputTokens, outputTokens, totalTokens, uncachedInputTokens } = evidence;
  if (evidence.cacheReadTokens === undefined && evidence.cacheWriteTokens === undefined) return undefined;
  const cached = (evidence.cacheReadTokens ?? 0) + (evidence.cacheWriteTokens ?? 0);
  if (inputTokens === undefined) return evidence.knownReporting ?? 'inclusive';
  if (cached > inputTokens) return 'exclusive';
  if (cached > 0 && uncachedInputTokens !== undefined) {
    if (uncachedInputTokens + cached === inputTokens) return 'inclusive';
    if (uncachedInputTokens === inputTokens) return 'exclusive';
  }
  // That input and output make up the total proves nothing: an instrumentation that leaves cached tokens out of the
  // input leaves them out of a total of its own making as well.
  if (cached > 0 && outputTokens !== undefined && inputTokens + outputTokens + cached === totalTokens)
    return 'exclusive';
  return evidence.knownReporting ?? 'inclusive';
}

/** Everything the reasoning rule looks at. */
export interface ReasoningEvidence {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly totalTokens: number | undefined;
  readonly reasoningTokens: number | undefined;
  /** Visible part of the output, when the instrumentation reports it. */
  readonly textOutputTokens: number | undefined;
  readonly knownReporting: Reporting | undefined;
}

/** Decides whether the output count includes reasoning tokens, by the same order of evidence. */
export function decideReasoningReporting(evidence: ReasoningEvidence): Reporting | undefined {
  const { inputTokens, outputTokens, totalTokens, reasoningTokens, textOutputTokens } = evidence;
  if (reasoningTokens === undefined) return undefined;
  if (outputTokens !== undefined && reasoningTokens > outputTokens) return 'exclusive';
  if (reasoningTokens > 0 && textOutputTokens !== undefined) {
    if (textOutputTokens + reasoningTokens === outputTokens) return 'inclusive';
  }
  if (reasoningTokens > 0 && inputTokens !== undefined && outputTokens !== undefined) {
    if (totalTokens === inputTokens + outputTokens) return 'inclusive';
    if (totalTokens === inputTokens + outputTokens + reasoningTokens) return 'exclusive';
  }
  return evidence.knownReporting ?? 'inclusive';
}

const COUNTS = [
  ...(['inputTokens', 'outputTokens', 'totalTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const),
  ...(['cacheWrite5mTokens', 'cacheWrite1hTokens', 'reasoningTokens', 'textInputTokens'] as const),
  ...(['textOutputTokens', 'audioInputTokens', 'audioOutputTokens', 'imageInputTokens'] as const),
  ...(['imageOutputTokens', 'cacheReadAudioTokens'] as const),
] satisfies readonly (keyof Usage)[];

const UNKNOWN: Usage = {};

/**
 * The counts of a call that was answered, without zeros that stand for "not reported": when all are zero, none is known,
 * and no request is made of no tokens (unless all of it came from a cache that is counted apart).
 */
export function reportedOnly(usage: Usage): Usage {
  if (usage.inputTokens !== 0) return usage;
  if (COUNTS.every((name) => !usage[name])) return UNKNOWN;
  const isAllCached = (usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0) > 0;
  return isAllCached ? usage : { ...usage, inputTokens: undefined, totalTokens: undefined };
}
