import type { Logger } from '../ledger/log.ts';
import { packageName } from '../package-info.ts';
import {
  describeIncompleteness,
  type Incompleteness,
  incompletenessOf,
} from '../translate/span/incomplete-span.ts';
import type { SpanView } from '../translate/span/span-view.ts';

/** Spans of model calls that say less than they could. Each is sent all the same. */
export interface IncompleteSpanCounts {
  /** Of which the SDK threw attributes or events away, or which have more than are read. */
  readonly cut: number;
  /** Whose prompts and answers stand in log records that did not come. */
  readonly withoutLogRecords: number;
  /** Without any attribute that can be read: of a tracer provider that is not OpenTelemetry's. */
  readonly withoutAttributes: number;
  /** Of an instrumentation that is not known, read by the words of its attribute names. */
  readonly ofUnknownInstrumentation: number;
}

export interface IncompleteSpans {
  /** @param dialect that has claimed the span */
  look(span: SpanView, dialect: string): void;
  counts(): IncompleteSpanCounts;
}

const COUNTED_AS: Readonly<Record<Incompleteness['type'], keyof IncompleteSpanCounts>> = {
  cut: 'cut',
  'beyond-limit': 'cut',
  'no-log-records': 'withoutLogRecords',
  'no-attributes': 'withoutAttributes',
};

/** Scopes that are remembered as reported; a program has a few. */
const MAX_SCOPES = 1_000;

/** Counts them, and says each kind of trouble once for each instrumentation scope. */
export function watchIncompleteSpans(logger: Logger, isContentWanted: boolean): IncompleteSpans {
  const counts = { cut: 0, withoutLogRecords: 0, withoutAttributes: 0, ofUnknownInstrumentation: 0 };
  const warned = new Set<string>();
  const warnOnce = (kind: string, { scope }: SpanView, words: string) => {
    const key = `${kind} ${scope.name}`;
    if (warned.has(key) || warned.size >= MAX_SCOPES) return;
    warned.add(key);
    logger.warn(`${packageName}: spans of ${scope.name || 'an unnamed scope'}: ${words}`);
  };
  return {
    look(span, dialect) {
      for (const found of incompletenessOf(span)) {
        if (found.type === 'no-log-records' && !isContentWanted) continue;
        counts[COUNTED_AS[found.type]] += 1;
        warnOnce(found.type, span, describeIncompleteness(found));
      }
      if (dialect !== 'generic') return;
      counts.ofUnknownInstrumentation += 1;
      warnOnce(
        'generic',
        span,
        'no convention is known for them, so they are read by the words of their attribute names; look at "npx posthog-llm-exporter explain" for what was understood',
      );
    },
    counts: () => ({ ...counts }),
  };
}
