import { atOnce, type Steps } from '../json/steps.ts';
import type { LlmCall } from './call/llm-call.ts';
import type { DistinctIdOfCall } from './event/identity.ts';
import { toEvent } from './event/to-event.ts';
import { toTraceEvent } from './event/trace-event.ts';
import { fitInSteps } from './limits/fit-event.ts';
import type { PostHogEvent } from './posthog-event.ts';
import { applyPrivacy, type ContentPolicy, type PrivacyAction } from './privacy/apply-privacy.ts';
import { decidePrivacy } from './privacy/decide-privacy.ts';
import { redactAhead } from './privacy/redact-in-steps.ts';
import { MIN_LARGE_UNITS } from './reading/large-spans.ts';
import type { TranslateOptions } from './translate-options.ts';
import type { TranslatedEvent, TranslateObserver } from './translate-steps.ts';

const NO_OBSERVER: TranslateObserver = {};

/** The second half of the way, of one call, in one go. */
export function translateCall(
  call: LlmCall,
  options: TranslateOptions,
  observer: TranslateObserver = NO_OBSERVER,
): TranslatedEvent {
  return atOnce(translateDecided(call, options, observer, decidePrivacy(call, options.privacyMode)));
}

/** The same with pauses, once it is decided whether the call is private. */
export function* translateDecided(
  call: LlmCall,
  options: TranslateOptions,
  observer: TranslateObserver,
  privacyMode: boolean,
): Steps<TranslatedEvent> {
  const { metadataPrefix, maxMetadataDepth, modelPrices, includeAttributes, content } = options;
  const fallbackDistinctId = fallbackFor(call, options.distinctId);
  const made = toEvent(call, { metadataPrefix, maxMetadataDepth, modelPrices, fallbackDistinctId });
  const { mask, media, metadataPrefix: prefix } = content;
  const policy = { mask, media, metadataPrefix: prefix, includeAttributes, privacyMode };
  return yield* finish(made, call, call.isLarge === true, policy, options, observer);
}

/** The event that names the trace of a call. */
export function* translateTrace(
  call: LlmCall,
  options: TranslateOptions,
  observer: TranslateObserver,
): Steps<TranslatedEvent> {
  const event = toTraceEvent(call, fallbackFor(call, options.distinctId));
  return yield* translateExtra(event, options, observer, call.privacyRequested);
}

/** An event that comes from no span. */
export function* translateExtra(
  event: PostHogEvent,
  options: TranslateOptions,
  observer: TranslateObserver,
  isPrivate: boolean,
): Steps<TranslatedEvent> {
  const policy = policyOfNoSpan(isPrivate ? { ...options, privacyMode: true } : options);
  return yield* finish(event, undefined, holdsLongTexts(event), policy, options, observer);
}

/** From the draft of an event to what is sent: privacy, then limits. */
function* finish(
  made: PostHogEvent,
  call: LlmCall | undefined,
  isLarge: boolean,
  policy: ContentPolicy,
  { content: { redact = [] }, disableGeoip, maxEventBytes }: TranslateOptions,
  observer: TranslateObserver,
): Steps<TranslatedEvent> {
  const redactors = isLarge && redact.length > 0 ? [yield* redactAhead(made, call, policy, redact)] : redact;
  const allowed = applyPrivacy(made, call, { ...policy, redact: redactors }, privacyObserver(call, observer));
  const event = disableGeoip ? allowed : located(allowed);
  return { event, fitted: yield* fitInSteps(event, maxEventBytes(), isLarge) };
}

/** Feedback and reasons are properties of their own. */
function holdsLongTexts({ properties }: PostHogEvent): boolean {
  let units = 0;
  for (const value of Object.values(properties)) if (typeof value === 'string') units += value.length;
  return units >= MIN_LARGE_UNITS;
}

/** The event, for PostHog to locate by the address that it comes from. */
function located(event: PostHogEvent): PostHogEvent {
  const { $geoip_disable: _, ...properties } = event.properties;
  return { ...event, properties };
}

/** An event that comes from no span, cleared of what privacy withholds, in one go. */
export function clearContent(
  event: PostHogEvent,
  options: Pick<TranslateOptions, 'privacyMode' | 'content'>,
): PostHogEvent {
  return applyPrivacy(event, undefined, policyOfNoSpan(options));
}

/** A function for `privacyMode` cannot be asked about an event of no span, so that is treated as private. */
function policyOfNoSpan({
  privacyMode,
  content,
}: Pick<TranslateOptions, 'privacyMode' | 'content'>): ContentPolicy {
  return { ...content, privacyMode: privacyMode !== false };
}

function privacyObserver(call: LlmCall | undefined, observer: TranslateObserver) {
  if (!observer.onPrivacy) return undefined;
  return (property: string, action: PrivacyAction) => observer.onPrivacy?.(call, property, action);
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
