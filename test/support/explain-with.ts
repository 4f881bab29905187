import { type ExplainOptions, resolveExplainSetup } from '../../src/explain/explain-options.ts';
import { explainSpans } from '../../src/explain/explain-spans.ts';
import type { SpanExplanation } from '../../src/explain/explanation.ts';
import type { SpanView } from '../../src/translate/span/span-view.ts';

/** Explains views under the options of the exporter, as `explain` does for spans of the SDK. */
export function explainWith(spans: readonly SpanView[], options: ExplainOptions = {}): SpanExplanation[] {
  return explainSpans(spans, resolveExplainSetup(options));
}
