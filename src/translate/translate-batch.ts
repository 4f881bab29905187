import type { Steps } from '../json/steps.ts';
import type { LlmCall } from './call/llm-call.ts';
import { nameSpan } from './event/span-naming.ts';
import { eventName } from './event/to-event.ts';
import type { FitResult } from './limits/fit-event.ts';
import type { PostHogEvent } from './posthog-event.ts';
import { type BatchPrivacy, decideBatchPrivacy } from './privacy/trace-privacy.ts';
import { readSpans } from './read-spans.ts';
import { createSelector, type SelectionFate } from './selection/select-call.ts';
import type { Demotion } from './trace/demotion.ts';
import { resolveBatch } from './trace/resolve-batch.ts';
import { translateDecided, translateExtra, translateTrace } from './translate-call.ts';
import type { TranslateOptions } from './translate-options.ts';
import {
  pausing,
  type TranslatedEvent,
  type TranslateInput,
  type TranslateObserver,
  type TranslateStep,
} from './translate-steps.ts';

const NEXT: TranslateStep = { type: 'next' };
const FAILED: TranslateStep = { type: 'failed' };
const NO_OBSERVER: TranslateObserver = {};

/**
 * Spans to events: the one place where the order of the steps stands. Pure but for `memory`: no network, clock, disk or
 * logging. No input makes it throw; one span that cannot be read or translated costs no other.
 *
 * @returns the steps, done one by one as they are taken
 */
export function* translateBatch(
  input: TranslateInput,
  options: TranslateOptions,
  observer: TranslateObserver = NO_OBSERVER,
): Generator<TranslateStep, void, undefined> {
  const { spans, extras, memory } = input;
  const { calls, others, unreadable } = yield* readSpans(input, options, observer);

  // The batch as a whole: each model call counted once, and which of them are sent.
  const leftOut = { filtered: 0, 'sampled-out': 0, redundant: 0 };
  const noteLeftOut = (call: LlmCall, fate: SelectionFate | 'redundant') => {
    leftOut[fate] += 1;
    observer.onLeftOut?.(call, fate);
  };
  const select = createSelector(options.selection, noteLeftOut, () => observer.onFilterFailed?.());
  const resolved = resolveBatch(calls, others, memory, {
    select,
    countFrom: options.countFrom,
    onRedundant: (call) => noteLeftOut(call, 'redundant'),
  });
  const named = options.namedTraceEvents ? resolved.namedTraces : [];
  const privacy = yield* pausing(
    decideBatchPrivacy(resolved.calls.keys(), options.privacyMode, memory.privacy),
  );
  // What is left without its name says nothing.
  const namedTraces = named.map(privacy.withPlainNames).filter(({ trace }) => trace.traceName !== undefined);
  yield {
    type: 'selected',
    foreign: spans.length - calls.length - unreadable,
    unreadable,
    filtered: leftOut.filtered + leftOut.redundant,
    sampledOut: leftOut['sampled-out'],
    events: extras.length + resolved.calls.size + namedTraces.length,
    ofNoSpan: namedTraces.length,
  };

  // Event, privacy, limits.
  for (const event of extras) {
    yield NEXT;
    yield yield* translateSafely(translateExtra(event, options, observer, isAboutPrivate(event, privacy)));
  }
  for (const [original, demotion] of resolved.calls) {
    yield NEXT;
    const call = withPlainNames(original, privacy, observer);
    const isPrivate = privacy.isPrivate(original);
    yield yield* translateSafely(translateDecided(call, options, observer, isPrivate), { call, demotion });
  }
  for (const call of namedTraces) {
    yield NEXT;
    yield yield* translateSafely(translateTrace(call, options, observer));
  }
}

/** Whether an event of no span is about one that asked for privacy. */
function isAboutPrivate({ properties }: PostHogEvent, privacy: BatchPrivacy): boolean {
  const { $ai_trace_id: traceId, $ai_target_span_id: target, $ai_span_id: spanId } = properties;
  return privacy.concernsPrivate(traceId, target ?? spanId);
}

function withPlainNames(call: LlmCall, privacy: BatchPrivacy, observer: TranslateObserver): LlmCall {
  const plain = privacy.withPlainNames(call);
  if (plain === call || !observer.onPrivacy) return plain;
  if (plain.trace.traceName !== call.trace.traceName) observer.onPrivacy(call, 'trace_name', 'removed');
  if (plain.agentName !== call.agentName) observer.onPrivacy(call, '$ai_agent_name', 'removed');
  if (plain.promptName !== call.promptName) observer.onPrivacy(call, '$ai_prompt_name', 'removed');
  const nameOf = (named: LlmCall) => nameSpan(named, eventName(call)).name;
  if (nameOf(plain) !== nameOf(call)) observer.onPrivacy(call, '$ai_span_name', 'reduced');
  return plain;
}

/** A class and not a literal: see `retained`. */
class EventStep implements TranslatedEvent {
  readonly type = 'event';
  readonly event: PostHogEvent;
  readonly fitted: FitResult;
  readonly call: LlmCall | undefined;
  readonly demotion: Demotion | undefined;

  constructor(
    event: PostHogEvent,
    fitted: FitResult,
    call: LlmCall | undefined,
    demotion: Demotion | undefined,
  ) {
    this.event = event;
    this.fitted = fitted;
    this.call = call;
    this.demotion = demotion;
  }
}

/** @param of what the event is of */
function* translateSafely(
  steps: Steps<TranslatedEvent>,
  of?: Pick<TranslatedEvent, 'call' | 'demotion'>,
): Generator<TranslateStep, TranslateStep, undefined> {
  try {
    const { event, fitted } = yield* pausing(steps);
    return new EventStep(event, fitted, of?.call, of?.demotion);
  } catch {
    return FAILED;
  }
}
