import { readSdkSpan } from '../translate/span/read-sdk-span.ts';
import type { ReadableSpanLike } from '../translate/span/sdk-types.ts';
import type { ExplainOptions } from './explain-options.ts';
import { explainSpans } from './explain-spans.ts';
import type { SpanExplanation } from './explanation.ts';

/**
 * What the exporter would make of finished spans of the SDK, and why: the dialect that claimed each, which attribute
 * became which property, what was ignored, withheld, cut or left out, and by which rule. Nothing is sent.
 *
 * @param spans one span, or all spans of one export
 * @returns one explanation for each readable span, in the same order; content is shown only with `showContent`
 * @example
 * console.log(renderExplanations(explain(span)));
 */
export function explain(
  spans: ReadableSpanLike | readonly ReadableSpanLike[],
  options?: ExplainOptions,
): SpanExplanation[] {
  const views = [spans].flat().map(readSdkSpan);
  return explainSpans(
    views.filter((view) => view !== undefined),
    options,
  );
}
