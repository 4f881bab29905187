import { isRecognised, readFields } from '../../translate/reading/field-reader.ts';
import { readFacts } from '../../translate/reading/read-facts.ts';
import { registryIndex } from '../../translate/reading/registry-index.ts';
import { looksLikeModelCall } from '../../translate/span/content-records.ts';
import { readSdkSpan } from '../../translate/span/read-sdk-span.ts';
import type { AncestorNote } from '../../translate/trace/trace-table.ts';
import type { OpenSpan } from './open-spans.ts';
import type { QueuedSpan } from './span-queue.ts';

/** The ancestors of some spans, each once. */
export function notesOnAncestors(spans: readonly (OpenSpan | undefined)[]): AncestorNote[] {
  const notes: AncestorNote[] = [];
  const seen = new Set<OpenSpan>();
  for (const span of spans) {
    for (let ancestor = span?.parent; ancestor && !seen.has(ancestor); ancestor = ancestor.parent) {
      seen.add(ancestor);
      const { traceId, spanId, parentSpanId, isLocalRoot, scopeParentSpanId } = ancestor;
      const isSent = looksLikeAi(ancestor);
      const isOpen = ancestor.span !== undefined;
      notes.push({
        traceId,
        spanId,
        parentSpanId,
        isLocalRoot,
        scopeParentSpanId,
        isSent,
        isOpen,
        facts: factsOf(ancestor),
      });
    }
  }
  return notes;
}

/** An open span may still become one of AI, so only "yes" is remembered. */
function looksLikeAi(ancestor: OpenSpan): boolean {
  const span = ancestor.isAi === undefined ? ancestor.span?.deref() : undefined;
  if (span && isAiSpan(span)) ancestor.isAi = true;
  return ancestor.isAi === true;
}

function factsOf({ span, facts }: OpenSpan): AncestorNote['facts'] {
  const open = span?.deref();
  return open ? factsOfSpan(open) : facts;
}

/**
 * Whether the span right above it is one of a model call, of another instrumentation, that has not ended: when it ends,
 * it may turn out to know more of the same call (the tracer of a provider's SDK ends before the instrumentation's span).
 */
export function isWithinOpenCall({ span, opened }: Pick<QueuedSpan, 'span' | 'opened'>): boolean {
  const open = opened?.parent?.span?.deref();
  const outer = open && readSdkSpan(open);
  if (!outer || !looksLikeModelCall(outer)) return false;
  const inner = readSdkSpan(span);
  return inner !== undefined && looksLikeModelCall(inner) && inner.scope.name !== outer.scope.name;
}

/** What a span says of the trace that it is in, for the spans below it. */
export function factsOfSpan(span: object): AncestorNote['facts'] {
  const view = readSdkSpan(span);
  return view && readFacts(view);
}

/** Whether some dialect recognises the span by what it carries now. Cheap: its content is not read. */
export function isAiSpan(span: object): boolean {
  const view = readSdkSpan(span);
  return view !== undefined && isRecognised(view, registryIndex());
}

/** Whether a span asks, by what it carries now, that its content is withheld. */
export function asksForPrivacy(span: object): boolean {
  const view = readSdkSpan(span);
  return view !== undefined && readFields(view, registryIndex())?.get('privacyRequested') === true;
}
