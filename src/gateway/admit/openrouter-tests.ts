import type { SpanView } from '../../translate/span/span-view.ts';

/** The span that OpenRouter sends to see whether a destination answers. It is no model call. */
const CONNECTION_TEST = 'openrouter-connection-test';

/** What the button "Test" of a destination sends: a canned call, under these names of its span or its trace. */
const CANNED_NAMES: ReadonlySet<unknown> = new Set([
  'Test Generation',
  'Test Trace - OpenRouter Observability',
]);

/** Whether the spans of OpenRouter's tests of a destination go on as if they were calls. */
export type TestSpans = 'drop' | 'forward';

/** Spans without those of OpenRouter's own tests, and how many of those there were. */
export function withoutOpenRouterTests(
  spans: readonly SpanView[],
  testSpans: TestSpans,
): { readonly spans: readonly SpanView[]; readonly tests: number } {
  const canned = testSpans === 'drop' ? cannedTraces(spans) : undefined;
  const kept = spans.filter(({ name, traceId }) => name !== CONNECTION_TEST && !canned?.has(traceId));
  return { spans: kept, tests: spans.length - kept.length };
}

/** Of a canned call all spans go, and they come in one request. */
function cannedTraces(spans: readonly SpanView[]): ReadonlySet<string> {
  return new Set(spans.filter(isCanned).map(({ traceId }) => traceId));
}

/** Attributes last: of most spans they are not read before somebody asks. */
function isCanned(span: SpanView): boolean {
  if (span.scope.name !== 'openrouter' && span.resource['service.name'] !== 'openrouter') return false;
  return CANNED_NAMES.has(span.name) || CANNED_NAMES.has(span.attributes['trace.name']);
}
