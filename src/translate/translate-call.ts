import type { DistinctIdOfCall, PrivacyDecision } from '../config/options.ts';
import { emptyRetained } from '../json/memory/retained.ts';
import type { LlmCall } from './call/llm-call.ts';
import type { TextForm } from './dialects/dialect.ts';
import type { PostHogEvent } from './event/posthog-event.ts';
import { toEvent } from './event/to-event.ts';
import { applyPrivacy, type ContentPolicy, type PrivacyObserver } from './privacy/apply-privacy.ts';
import { decidePrivacy } from './privacy/decide-privacy.ts';
import { type ReadOptions, type ReadResult, readCall } from './reading/read-call.ts';
import type { SelectionOptions } from './selection/select-call.ts';
import type { SpanIds, SpanView } from './span/span-view.ts';
import { resolveBatch, type Selection, type TraceMemory } from './trace/resolve-batch.ts';

/** The part of the configuration that decides what an event looks like. */
export interface TranslateOptions {
  readonly metadataPrefix: string;
  readonly maxMetadataDepth: number;
  readonly includeAttributes: readonly string[];
  readonly distinctId: string | DistinctIdOfCall | undefined;
  readonly privacyMode: boolean | PrivacyDecision;
  readonly content: Omit<ContentPolicy, 'privacyMode'>;
  /** The application's own filter sees the calls as well. */
  readonly choice?: SelectionOptions;
}

/** The spans of one export, sorted into AI calls and the rest. */
export interface SpanSorter {
  add(span: SpanView): 'call' | 'foreign' | 'unreadable';
  /** Ends the batch: the calls, each model call counted once, each with a parent that is sent. */
  settle(memory: TraceMemory, choose?: (call: LlmCall) => Selection): LlmCall[];
}

export function createSpanSorter(options: TranslateOptions): SpanSorter {
  const reading: ReadOptions = { includeAttributes: options.includeAttributes, texts: textFormFor(options) };
  const calls = emptyRetained<LlmCall>();
  const unsent = emptyRetained<SpanIds>();
  return {
    add(span) {
      const result = readSafely(span, reading);
      if (result?.type === 'call') calls.push(result.call);
      else unsent.push(span);
      return result?.type ?? 'unreadable';
    },
    settle: (memory, choose) => [...resolveBatch(calls, unsent, memory, choose).keys()],
  };
}

/** Functions of the application, maskers and redactors look at texts; when there are none, content is only passed on. */
function textFormFor({ distinctId, privacyMode, content, choice }: TranslateOptions): TextForm {
  const looksAtTexts =
    typeof distinctId === 'function' ||
    choice?.filter !== undefined ||
    privacyMode !== false ||
    content.mask !== undefined ||
    (content.redact ?? []).length > 0 ||
    content.media !== 'remove';
  return looksAtTexts ? 'decoded' : 'recorded';
}

/** A span with accessors that throw is not worth the others of its batch. */
function readSafely(span: SpanView, options: ReadOptions): ReadResult | undefined {
  try {
    return readCall(span, options);
  } catch {
    return undefined;
  }
}

/** Call to the event that may leave: mapped, then cleared of what its privacy policy withholds. */
export function translateCall(
  call: LlmCall,
  options: TranslateOptions,
  observer?: PrivacyObserver,
): PostHogEvent {
  const { metadataPrefix, maxMetadataDepth, content } = options;
  const fallbackDistinctId = fallbackFor(call, options.distinctId);
  const event = toEvent(call, { metadataPrefix, maxMetadataDepth, fallbackDistinctId });
  const privacyMode = decidePrivacy(call, options.privacyMode);
  return applyPrivacy(event, call, { ...content, privacyMode }, observer);
}

/** A function of the application that fails leaves the call anonymous; it must not cost the event. */
function fallbackFor(call: LlmCall, distinctId: string | DistinctIdOfCall | undefined): string | undefined {
  if (typeof distinctId !== 'function') return distinctId;
  try {
    const id: unknown = distinctId(call);
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

/** An event that comes from no span, cleared of what privacy withholds. A function cannot judge it, so it counts as yes. */
export function clearContent(event: PostHogEvent, { privacyMode, content }: TranslateOptions): PostHogEvent {
  return applyPrivacy(event, undefined, { ...content, privacyMode: privacyMode !== false });
}
