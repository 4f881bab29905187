import type { Steps } from '../json/steps.ts';
import type { LlmCall } from './call/llm-call.ts';
import type { FitResult } from './limits/fit-event.ts';
import type { PostHogEvent } from './posthog-event.ts';
import type { PrivacyAction } from './privacy/apply-privacy.ts';
import type { ReadObserver } from './reading/field-reader.ts';
import type { ReadResult } from './reading/read-call.ts';
import type { SelectionFate } from './selection/select-call.ts';
import type { SpanView } from './span/span-view.ts';
import type { Demotion } from './trace/demotion.ts';
import type { TraceMemory } from './trace/trace-memory.ts';

/** What is translated together. */
export interface TranslateInput {
  /** Spans that are looked at as a whole; `undefined` stands for one that cannot be read. Their log records are joined. */
  readonly spans: readonly (SpanView | undefined)[];
  /** Events that belong to no span (feedback, evaluations). They come first. */
  readonly extras: readonly PostHogEvent[];
  /** What earlier batches left; it learns of this one. */
  readonly memory: TraceMemory;
  /** In place of reading each span here: gives what `readCall` gives under the same options. */
  readonly read?: ((span: SpanView) => ReadResult) | undefined;
}

/** One event, as JSON that may leave. */
export interface TranslatedEvent {
  /** As it was before the limits were applied. */
  readonly event: PostHogEvent;
  readonly fitted: FitResult;
  /** Absent for an event that belongs to no span. */
  readonly call?: LlmCall;
  /** Why the event carries no numbers, when it repeats another. */
  readonly demotion?: Demotion | undefined;
}

/** What became of the spans that make no event, and how many events follow. */
export interface SelectedCounts {
  /** Not of AI. */
  readonly foreign: number;
  readonly unreadable: number;
  /** Left out by a rule or filter function, or because it would only repeat another. */
  readonly filtered: number;
  readonly sampledOut: number;
  readonly events: number;
  /** Of these events, those that follow from the batch and are of no span. */
  readonly ofNoSpan: number;
}

/** The way of a batch, step by step. The caller decides when the next one is done, and may stop. */
export type TranslateStep =
  /** One span was read. */
  | { readonly type: 'read' }
  /** All spans were read, and it is decided which of them are sent. Comes once. */
  | ({ readonly type: 'selected' } & SelectedCounts)
  /** An event that takes long is not made yet: the caller may pause. */
  | { readonly type: 'pause' }
  /** The next step makes an event. */
  | { readonly type: 'next' }
  | ({ readonly type: 'event' } & TranslatedEvent)
  /** The event could not be made: a value of its span threw. */
  | { readonly type: 'failed' };

export const PAUSE: TranslateStep = { type: 'pause' };

/** The same work, with its pauses as steps of the batch. */
export function* pausing<T>(steps: Steps<T>): Generator<TranslateStep, T, undefined> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield PAUSE;
  }
}

/** Listens while a batch is translated. Explanations are made of what it hears. */
export interface TranslateObserver {
  /** Before a span is read: the view to read in its place, and the observer of each source that is considered. */
  beforeRead?(span: SpanView): { readonly span: SpanView; readonly observer: ReadObserver };
  /** @param result `undefined` when the attributes cannot be read */
  onRead?(span: SpanView, result: ReadResult | undefined): void;
  /** @param fate `redundant`: it would be a trace of its own that only repeats a call of another */
  onLeftOut?(call: LlmCall, fate: SelectionFate | 'redundant'): void;
  /** A filter function of the application failed. */
  onFilterFailed?(): void;
  onPrivacy?(call: LlmCall | undefined, property: string, action: PrivacyAction): void;
}
