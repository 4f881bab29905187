import { emptyRetained } from '../json/memory/retained.ts';
import type { LlmCall } from './call/llm-call.ts';
import { readingOptions, readSafely, withFacts } from './read-safely.ts';
import { isLarge, withinLimits } from './reading/large-spans.ts';
import { withJsonParsedAhead } from './reading/parse-ahead.ts';
import type { ReadOptions } from './reading/read-call.ts';
import type { SpanView } from './span/span-view.ts';
import type { UnsentSpan } from './trace/resolve-batch.ts';
import type { TranslateOptions } from './translate-options.ts';
import {
  PAUSE,
  pausing,
  type TranslateInput,
  type TranslateObserver,
  type TranslateStep,
} from './translate-steps.ts';

/** A class and not a literal: see `retained`. */
class Found {
  readonly calls = emptyRetained<LlmCall>();
  /** Spans of which nothing is sent. */
  readonly others = emptyRetained<UnsentSpan>();
  unreadable = 0;
}

const READ: TranslateStep = { type: 'read' };

/** Reads each span by itself: dialects, then the call. */
export function* readSpans(
  { spans, read }: TranslateInput,
  options: TranslateOptions,
  observer: TranslateObserver,
): Generator<TranslateStep, Found, undefined> {
  const reading = readingOptions(options, observer);
  const found = new Found();
  for (const span of spans) {
    const isRead =
      span && isLarge(span)
        ? yield* readLargeInto(found, span, reading, observer)
        : readInto(found, span, reading, observer, read);
    if (!isRead) found.unreadable += 1;
    yield READ;
  }
  return found;
}

/**
 * Apart from the steps, which would keep the result in a variable: see `retained`.
 * @returns false for a span that cannot be read
 */
function readInto(
  { calls, others }: Found,
  span: SpanView | undefined,
  reading: ReadOptions,
  observer: TranslateObserver,
  read?: TranslateInput['read'],
): boolean {
  const result = span && readSafely(span, reading, observer, read);
  if (result?.type === 'call') calls.push(result.call);
  else if (span) others.push(result?.facts ? withFacts(span, result.facts) : span);
  return result !== undefined;
}

/** What is parsed is not scanned, so that its texts are worked on with pauses later, too. */
function* readLargeInto(
  found: Found,
  given: SpanView,
  reading: ReadOptions,
  observer: TranslateObserver,
): Generator<TranslateStep, boolean, undefined> {
  yield PAUSE;
  const span = withinLimits(given);
  yield PAUSE;
  const read = () => {
    const before = found.calls.length;
    const isRead = readInto(found, span, { ...reading, texts: 'decoded' }, observer);
    for (const call of found.calls.splice(before)) {
      found.calls.push({ ...call, isLarge: true, readInnerCall: readNow(call) });
    }
    return isRead;
  };
  return yield* pausing(withJsonParsedAhead(span, read));
}

/** Later, what was parsed ahead would not be known any more, and be parsed in one go. */
function readNow({ readInnerCall }: LlmCall): LlmCall['readInnerCall'] {
  const facts = readInnerCall?.();
  return facts && (() => facts);
}
