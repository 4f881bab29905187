import type { LlmCall } from '../translate/call/llm-call.ts';
import type { FitResult } from '../translate/limits/fit-event.ts';
import type { EventProperties, PostHogEvent } from '../translate/posthog-event.ts';
import type { PrivacyAction } from '../translate/privacy/apply-privacy.ts';
import type { Demotion } from '../translate/trace/demotion.ts';
import { translateCall } from '../translate/translate-call.ts';
import type { TranslateOptions } from '../translate/translate-options.ts';
import type { TranslatedEvent } from '../translate/translate-steps.ts';
import type { ReadLog } from './considerations.ts';
import type { ExplainSetup } from './explain-options.ts';
import { explainProperties } from './explain-properties.ts';
import type { Outcome, SpanExplanation } from './explanation.ts';

/** The part of an explanation that is of the event. */
type EventExplanation = Pick<SpanExplanation, 'outcome' | 'properties' | 'privacy' | 'trimmed'>;

/** What privacy did to one property. */
export type PrivacyNote = { readonly property: string; readonly action: PrivacyAction };

/** Of a span that makes no event. */
export function notSent(because: string): EventExplanation {
  return { outcome: { type: 'filtered', because }, properties: [], privacy: [], trimmed: [] };
}

const TOO_LARGE = 'the event is larger than PostHog takes, even without its content';

/** What is sent for a call, as it arrives at PostHog. */
export function explainEvent(
  {
    event,
    fitted,
    call,
    demotion,
    plain,
  }: TranslatedEvent & { readonly call: LlmCall; readonly plain: (call: LlmCall) => LlmCall },
  privacy: readonly PrivacyNote[],
  { considerations }: ReadLog,
  { translate, showContent }: ExplainSetup,
): EventExplanation {
  if ('tooLarge' in fitted) return { ...notSent(TOO_LARGE), privacy };
  const properties = propertiesOf(fitted);
  const shown = showContent ? properties : withoutContent(plain(call), properties, translate);
  return {
    outcome: outcomeOf(event, demotion),
    properties: explainProperties(event.event, properties, shown, call, considerations),
    privacy,
    trimmed: fitted.trimmed,
  };
}

function outcomeOf({ event, uuid }: PostHogEvent, demotion: Demotion | undefined): Outcome {
  if (!demotion) return { type: 'sent', event, uuid };
  const { because, countedOn } = demotion;
  return { type: 'demoted', event, uuid, because, ...(countedOn === undefined ? {} : { countedOn }) };
}

function propertiesOf(fitted: FitResult): EventProperties {
  return 'json' in fitted ? (JSON.parse(fitted.json.toString()) as PostHogEvent).properties : {};
}

/** The name of a call's span, unless it quotes content that is not to be shown. */
export function shownName(call: LlmCall, options: TranslateOptions, showContent: boolean): string {
  if (showContent) return call.spanName;
  const plain: LlmCall = { ...call, trace: {}, toolName: undefined, agentName: undefined };
  const { event } = translateCall(plain, { ...options, privacyMode: true });
  return String(event.properties.$ai_span_name ?? '');
}

/** The values that privacy mode would let through; what it takes out is content. */
function withoutContent(
  call: LlmCall,
  properties: EventProperties,
  options: TranslateOptions,
): EventProperties {
  const { fitted } = translateCall(call, { ...options, privacyMode: true });
  const shown = Object.entries(propertiesOf(fitted)).filter(([name]) => Object.hasOwn(properties, name));
  return Object.fromEntries(shown);
}
