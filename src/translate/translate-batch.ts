import { emptyRetained } from '../json/memory/retained.ts';
import { atOnce, type Steps } from '../json/steps.ts';
import type { LlmCall } from './call/llm-call.ts';
import type { DistinctIdOfCall } from './event/identity.ts';
import { nameSpan } from './event/span-naming.ts';
import { eventName, toEvent } from './event/to-event.ts';
import { toTraceEvent } from './event/trace-event.ts';
import { type FitResult, fitInSteps } from './limits/fit-event.ts';
import type { PostHogEvent } from './posthog-event.ts';
import { applyPrivacy, type PrivacyAction } from './privacy/apply-privacy.ts';
import { decidePrivacy } from './privacy/decide-privacy.ts';
import { redactAhead } from './privacy/redact-in-steps.ts';
import { type BatchPrivacy, decideBatchPrivacy } from './privacy/trace-privacy.ts';
import { readingOptions, readSafely, withFacts } from './read-safely.ts';
import { isLarge, withinLimits } from './reading/large-spans.ts';
import { withJsonParsedAhead } from './reading/parse-ahead.ts';
import type { ReadOptions } from './reading/read-call.ts';
import { createSelector, type SelectionFate } from './selection/select-call.ts';
import type { SpanView } from './span/span-view.ts';
import type { Demotion } from './trace/demotion.ts';
import { resolveBatch, type UnsentSpan } from './trace/resolve-batch.ts';
import type { TranslateOptions } from './translate-options.ts';
import type { TranslatedEvent, TranslateInput, TranslateObserver, TranslateStep } from './translate-steps.ts';

const READ: TranslateStep = { type: 'read' };
const NEXT: TranslateStep = { type: 'next' };
const PAUSE: TranslateStep = { type: 'pause' };
const FAILED: TranslateStep = { type: 'failed' };
const NO_OBSERVER: TranslateObserver = {};

/**
 * Spans to events: the one place where the order of the steps stands. Pure but for `memory`: no network, clock, disk or
 * logging. No input makes it throw; one span that cannot be read or translated costs no other.
 *
 * @returns the steps, done one by one as they are taken
 */
export function* translateBatch(
  { spans, extras, memory, read }: TranslateInput,
  options: TranslateOptions,
  observer: TranslateObserver = NO_OBSERVER,
): Generator<TranslateStep, void, undefined> {
  // Dialects, then the call.
  const reading = readingOptions(options, observer);
  const calls = emptyRetained<LlmCall>();
  const others = emptyRetained<UnsentSpan>();
  let unreadable = 0;
  for (const span of spans) {
    const isRead =
      span && isLarge(span)
        ? yield* readLargeInto(calls, others, span, reading, observer)
        : readInto(calls, others, span, reading, observer, read);
    if (!isRead) unreadable += 1;
    yield READ;
  }

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

/**
 * Apart from the steps, which would keep the result in a variable: see `retained`.
 * @returns false for a span that cannot be read
 */
function readInto(
  calls: LlmCall[],
  others: UnsentSpan[],
  span: SpanView | undefined,
  reading: ReadOptions,
  observer: TranslateObserver,
  read?: TranslateInput['read'],
): boolean {
  const result = span && readSafely(span, reading, observer, read);
  if (result?.type === 'call') calls.push(result.call);
  else if (span) others.push(result?.facts ? withFacts(span, result.facts) : span);
  return result !== undefined;
}

/** What is parsed is not scanned, so that its texts are worked on with pauses later, too. */
function* readLargeInto(
  calls: LlmCall[],
  others: UnsentSpan[],
  given: SpanView,
  reading: ReadOptions,
  observer: TranslateObserver,
): Generator<TranslateStep, boolean, undefined> {
  yield PAUSE;
  const span = withinLimits(given);
  yield PAUSE;
  const found: LlmCall[] = [];
  const read = () => {
    const isRead = readInto(found, others, span, { ...reading, texts: 'decoded' }, observer);
    for (const call of found) calls.push({ ...call, isLarge: true, readInnerCall: readNow(call) });
    return isRead;
  };
  return yield* pausing(withJsonParsedAhead(span, read));
}

/** Later, what was parsed ahead would not be known any more, and be parsed in one go. */
function readNow({ readInnerCall }: LlmCall): LlmCall['readInnerCall'] {
  const facts = readInnerCall?.();
  return facts && (() => facts);
}

/** The same work, with its pauses as steps of the batch. */
function* pausing<T>(steps: Steps<T>): Generator<TranslateStep, T, undefined> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield PAUSE;
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

/** The second half of the way, of one call. */
export function translateCall(
  call: LlmCall,
  options: TranslateOptions,
  observer: TranslateObserver = NO_OBSERVER,
): TranslatedEvent {
  return atOnce(translateDecided(call, options, observer, decidePrivacy(call, options.privacyMode)));
}

function* translateDecided(
  call: LlmCall,
  options: TranslateOptions,
  observer: TranslateObserver,
  privacyMode: boolean,
): Steps<TranslatedEvent> {
  const { metadataPrefix, maxMetadataDepth, modelPrices, includeAttributes, content } = options;
  const fallbackDistinctId = fallbackFor(call, options.distinctId);
  const made = toEvent(call, { metadataPrefix, maxMetadataDepth, modelPrices, fallbackDistinctId });
  const { mask, redact = [], media, metadataPrefix: prefix } = content;
  const policy = { mask, redact, media, metadataPrefix: prefix, includeAttributes, privacyMode };
  const redactors =
    call.isLarge && redact.length > 0 ? [yield* redactAhead(made, call, policy, redact)] : redact;
  const allowed = applyPrivacy(made, call, { ...policy, redact: redactors }, privacyObserver(call, observer));
  const event = options.disableGeoip ? allowed : located(allowed);
  return { event, fitted: yield* fitInSteps(event, options.maxEventBytes(), call.isLarge) };
}

function* translateTrace(
  call: LlmCall,
  options: TranslateOptions,
  observer: TranslateObserver,
): Steps<TranslatedEvent> {
  const event = toTraceEvent(call, fallbackFor(call, options.distinctId));
  return yield* translateExtra(event, options, observer, call.privacyRequested);
}

function* translateExtra(
  event: PostHogEvent,
  options: TranslateOptions,
  observer: TranslateObserver,
  isPrivate: boolean,
): Steps<TranslatedEvent> {
  const allowed = clearContent(event, isPrivate ? { ...options, privacyMode: true } : options, observer);
  const cleared = options.disableGeoip ? allowed : located(allowed);
  return { event: cleared, fitted: yield* fitInSteps(cleared, options.maxEventBytes()) };
}

/** The event, for PostHog to locate by the address that it comes from. */
function located(event: PostHogEvent): PostHogEvent {
  const { $geoip_disable: _, ...properties } = event.properties;
  return { ...event, properties };
}

/**
 * An event that comes from no span, cleared of what privacy withholds. A function for `privacyMode` cannot be asked about
 * it, so it is treated as private.
 */
export function clearContent(
  event: PostHogEvent,
  { privacyMode, content }: Pick<TranslateOptions, 'privacyMode' | 'content'>,
  observer: TranslateObserver = NO_OBSERVER,
): PostHogEvent {
  const policy = { ...content, privacyMode: privacyMode !== false };
  return applyPrivacy(event, undefined, policy, privacyObserver(undefined, observer));
}

function privacyObserver(call: LlmCall | undefined, observer: TranslateObserver) {
  if (!observer.onPrivacy) return undefined;
  return (property: string, action: PrivacyAction) => observer.onPrivacy?.(call, property, action);
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

/** A function of the application that fails leaves the call anonymous; it must not cost the event. */
function fallbackFor(call: LlmCall, distinctId: string | DistinctIdOfCall | undefined): string | undefined {
  if (typeof distinctId !== 'function') return distinctId;
  try {
    const id: unknown = distinctId(call);
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
