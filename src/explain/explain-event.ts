import type { LlmCall } from '../translate/call/llm-call.ts';
import type { EventProperties, PostHogEvent } from '../translate/event/posthog-event.ts';
import { type FitResult, fitEvent } from '../translate/limits/fit-event.ts';
import type { Demotion } from '../translate/trace/count-once.ts';
import { translateCall } from '../translate/translate-call.ts';
import type { ReadLog } from './considerations.ts';
import type { WantedOptions } from './explain-options.ts';
import { explainProperties } from './explain-properties.ts';
import type { Outcome, SpanExplanation } from './explanation.ts';

/**
 * What is sent for a call, as it arrives at PostHog.
 * @param demotion why it carries no numbers, when it carries none
 */
export function explainEvent(
  call: LlmCall,
  demotion: Demotion | undefined,
  { considerations }: ReadLog,
  options: WantedOptions,
): Pick<SpanExplanation, 'outcome' | 'properties' | 'privacy' | 'trimmed'> {
  const privacy: SpanExplanation['privacy'][number][] = [];
  const event = translateCall(call, options, (property, action) => privacy.push({ property, action }));
  const fitted = fitEvent(event, options.maxEventBytes);
  const properties = propertiesOf(fitted);
  if ('tooLarge' in fitted) return { outcome: TOO_LARGE, properties: [], privacy, trimmed: [] };
  const shown = options.showContent ? properties : withoutContent(call, properties, options);
  return {
    outcome: outcomeOf(event, demotion),
    properties: explainProperties(event.event, properties, shown, call, considerations),
    privacy,
    trimmed: fitted.trimmed,
  };
}

const TOO_LARGE: Outcome = {
  type: 'filtered',
  because: 'the event is larger than PostHog takes, even without its content',
};

function outcomeOf({ event, uuid }: PostHogEvent, demotion: Demotion | undefined): Outcome {
  if (!demotion) return { type: 'sent', event, uuid };
  const { because, countedOn } = demotion;
  return { type: 'demoted', event, uuid, because, ...(countedOn === undefined ? {} : { countedOn }) };
}

function propertiesOf(fitted: FitResult): EventProperties {
  return 'json' in fitted ? (JSON.parse(fitted.json.toString()) as PostHogEvent).properties : {};
}

/** The name of a call's span, unless it quotes content that is not to be shown. */
export function shownName(call: LlmCall, options: WantedOptions): string {
  if (options.showContent) return call.spanName;
  const plain: LlmCall = { ...call, trace: {}, toolName: undefined, agentName: undefined };
  const { properties } = translateCall(plain, { ...options, privacyMode: true });
  return String(properties.$ai_span_name ?? '');
}

/** The values that privacy mode would let through; what it takes out is content. */
function withoutContent(call: LlmCall, properties: EventProperties, options: WantedOptions): EventProperties {
  const harmless = fitEvent(translateCall(call, { ...options, privacyMode: true }), options.maxEventBytes);
  const shown = Object.entries(propertiesOf(harmless)).filter(([name]) => Object.hasOwn(properties, name));
  return Object.fromEntries(shown);
}
