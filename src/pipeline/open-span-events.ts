import type { PostHogEvent } from '../translate/posthog-event.ts';
import { clearContent } from '../translate/translate-call.ts';
import type { TranslateOptions } from '../translate/translate-options.ts';

/** A span that has not ended. */
export interface OpenTarget {
  /** By what it has been given so far, its content is to be withheld. */
  readonly isPrivate: boolean;
}

/** `undefined` for a span that is not known to be open. */
export type FindOpenSpan = (traceId: string, spanId: string) => OpenTarget | undefined;

/** Events that are about spans which have not ended (feedback, evaluations). */
export interface OpenSpanEvents {
  /** How open spans of one more source are found. */
  use(find: FindOpenSpan): void;
  /** Whether the event is about an open span. */
  isHeld(event: PostHogEvent): boolean;
  /** The event as it may leave: of a private open span without content. */
  cleared(event: PostHogEvent): PostHogEvent;
  /** The event without content. */
  withheld(event: PostHogEvent): PostHogEvent;
}

export function createOpenSpanEvents(options: TranslateOptions): OpenSpanEvents {
  const sources: FindOpenSpan[] = [];
  const findOpen: FindOpenSpan = (traceId, spanId) => {
    for (const find of sources) {
      const found = find(traceId, spanId);
      if (found) return found;
    }
    return undefined;
  };
  const targetOf = ({ properties }: PostHogEvent): OpenTarget | undefined => {
    const { $ai_trace_id: traceId, $ai_target_span_id: target, $ai_span_id: spanId = target } = properties;
    return typeof traceId === 'string' && typeof spanId === 'string' ? findOpen(traceId, spanId) : undefined;
  };
  const withheld = (event: PostHogEvent) => clearContent(event, { ...options, privacyMode: true });
  return {
    use: (find) => void sources.push(find),
    isHeld: (event) => targetOf(event) !== undefined,
    // Only what cannot wait for its span any longer is of an open one.
    cleared: (event) => (targetOf(event)?.isPrivate ? withheld(event) : event),
    withheld,
  };
}
