import type { LlmCall } from './call/llm-call.ts';
import type { DistinctIdOfCall, PrivacyDecision } from './config/options.ts';
import { type ReadResult, readCall } from './dialects/read-call.ts';
import type { PostHogEvent } from './event/posthog-event.ts';
import { toEvent } from './event/to-event.ts';
import { applyPrivacy, type ContentPolicy } from './privacy/apply-privacy.ts';
import { decidePrivacy } from './privacy/policy.ts';
import type { SpanView } from './span/span-view.ts';
import { settleBatch, type TraceMemory, type UnsentSpan } from './trace/settle-batch.ts';

/** The part of the configuration that decides what an event looks like. */
export interface TranslateOptions {
  readonly metadataPrefix: string;
  readonly maxMetadataDepth: number;
  readonly includeAttributes: readonly string[];
  readonly distinctId: string | DistinctIdOfCall | undefined;
  readonly privacyMode: boolean | PrivacyDecision;
  readonly content: Omit<ContentPolicy, 'privacyMode'>;
}

/** The spans of one export, sorted into AI calls and the rest. */
export interface SpanSorter {
  add(span: SpanView): 'call' | 'foreign';
  /** Ends the batch: the calls, each model call counted once, each with a parent that is sent. */
  settle(memory: TraceMemory): LlmCall[];
}

export function createSpanSorter(options: Pick<TranslateOptions, 'includeAttributes'>): SpanSorter {
  const calls: LlmCall[] = [];
  const unsent: UnsentSpan[] = [];
  return {
    add(span) {
      const result = readSafely(span, options);
      if (result.type === 'call') calls.push(result.call);
      else unsent.push(span);
      return result.type;
    },
    settle: (memory) => settleBatch(calls, unsent, memory).map(({ call }) => call),
  };
}

/** A span with accessors that throw is not worth the others of its batch. */
function readSafely(span: SpanView, options: Pick<TranslateOptions, 'includeAttributes'>): ReadResult {
  try {
    return readCall(span, options);
  } catch {
    return { type: 'foreign', because: 'its attributes cannot be read' };
  }
}

/** Call to the event that may leave: mapped, then cleared of what its privacy policy withholds. */
export function translateCall(call: LlmCall, options: TranslateOptions): PostHogEvent {
  const { metadataPrefix, maxMetadataDepth, content } = options;
  const fallbackDistinctId = fallbackFor(call, options.distinctId);
  const event = toEvent(call, { metadataPrefix, maxMetadataDepth, fallbackDistinctId });
  return applyPrivacy(event, call, { ...content, privacyMode: decidePrivacy(call, options.privacyMode) });
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
