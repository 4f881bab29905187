import type { SpanView } from '../span/span-view.ts';
import type { TraceScope } from '../span/trace-scope.ts';
import type { Dialect, Source } from './dialect.ts';
import { firstChoice, ofSpan } from './shared/sources.ts';
import { toGroups } from './shared/values.ts';

/**
 * What the application said by `withTrace` and `setTrace`. No convention, but read like one: it recognises no span, and
 * is believed before everything that stands on one. `generationName` is not here, since it is for model calls only.
 */
export const traceScope: Dialect = {
  id: 'trace-scope',
  title: 'withTrace',
  detect: {},
  isOfApplication: true,
  fields: {
    traceId: member('traceId'),
    traceName: member('traceName'),
    parentSpanId: member('parentSpanId'),
    user: member('user'),
    sessionId: member('sessionId'),
    groups: [firstChoice(ofSpan('groups of withTrace', (span) => toGroups(scopeOf(span)?.groups)))],
    metadata: member('metadata'),
    promptName: member('promptName'),
    promptVersion: member('promptVersion'),
    // The strictest wish wins, so a scope can ask for privacy but not speak for a span that does.
    privacyRequested: [
      firstChoice(
        ofSpan('privacyMode of withTrace', (span) =>
          scopeOf(span)?.privacyMode === true ? true : undefined,
        ),
      ),
    ],
  },
};

function scopeOf(span: SpanView): TraceScope | undefined {
  return span.traceScope;
}

function member<K extends keyof TraceScope>(name: K): Source<NonNullable<TraceScope[K]>>[] {
  return [firstChoice(ofSpan(`${name} of withTrace`, (span) => scopeOf(span)?.[name] ?? undefined))];
}
