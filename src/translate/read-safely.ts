import type { TextForm } from './call/messages.ts';
import { type ReadOptions, type ReadResult, readCall } from './reading/read-call.ts';
import type { SpanView } from './span/span-view.ts';
import type { UnsentSpan } from './trace/resolve-batch.ts';
import type { TranslateOptions } from './translate-options.ts';
import type { TranslateObserver } from './translate-steps.ts';

export function readingOptions(options: TranslateOptions, observer: TranslateObserver = {}): ReadOptions {
  const { includeAttributes } = options;
  // An observer hears of all sources while the span is read, so content must not wait until its event is made.
  return { includeAttributes, texts: observer.beforeRead ? 'decoded' : textFormFor(options) };
}

/** Functions of the application, maskers and redactors look at texts; when there are none, content is only passed on. */
function textFormFor({ distinctId, privacyMode, content, selection }: TranslateOptions): TextForm {
  const looksAtTexts =
    typeof distinctId === 'function' ||
    selection.filter !== undefined ||
    privacyMode !== false ||
    content.mask !== undefined ||
    (content.redact ?? []).length > 0 ||
    content.media !== 'remove';
  return looksAtTexts ? 'decoded' : 'recorded';
}

/** A span with accessors that throw is not worth the others of its batch. */
export function readSafely(
  given: SpanView,
  options: ReadOptions,
  observer: TranslateObserver,
  read: (span: SpanView) => ReadResult = (span) => readCall(span, options),
): ReadResult | undefined {
  const watched = observer.beforeRead?.(given);
  let result: ReadResult | undefined;
  try {
    result = watched ? readCall(watched.span, { ...options, observer: watched.observer }) : read(given);
  } catch {
    // Counted by the caller.
  }
  observer.onRead?.(given, result);
  return result;
}

/** Of a span that is not sent, what holds for the spans below it. */
export function withFacts(
  { traceId, spanId, parentSpanId, parentIsRemote, attributes }: SpanView,
  facts: UnsentSpan['facts'],
): UnsentSpan {
  return { traceId, spanId, parentSpanId, parentIsRemote, attributes, facts };
}
