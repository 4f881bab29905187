import type { PostHogEvent } from '../../src/translate/posthog-event.ts';
import type { TranslateOptions } from '../../src/translate/translate-options.ts';
import { translateAll } from '../corpus/pipeline.ts';
import { type SpanParts, span } from './spans.ts';

/** The events of batches of spans, each with its name and person beside its properties. Ids are made where none are given. */
export function eventsOf(...batches: readonly (readonly SpanParts[])[]): Record<string, unknown>[] {
  return eventsWith({}, ...batches);
}

export function eventsWith(
  options: Partial<TranslateOptions>,
  ...batches: readonly (readonly SpanParts[])[]
): Record<string, unknown>[] {
  let made = 0;
  const views = batches.map((batch) =>
    batch.map((parts) => {
      made += 1;
      return span({ spanId: made.toString(16).padStart(16, '0'), kind: 'internal', ...parts });
    }),
  );
  return translateAll(views, options).map(({ event }) => flat(event));
}

function flat({ event, distinct_id: person, properties }: PostHogEvent): Record<string, unknown> {
  return { event, person, ...properties };
}
