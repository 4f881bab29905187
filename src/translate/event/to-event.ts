import type { LlmCall } from '../call/llm-call.ts';
import { toWellFormed } from '../limits/well-formed.ts';
import type { AiEventName, EventProperties, PostHogEvent } from '../posthog-event.ts';
import { addCustomProperties } from './custom-properties.ts';
import { distinctIdOf, eventTimestamp, eventUuid } from './identity.ts';
import { addModelPrice, type ModelPrices } from './model-prices.ts';
import { applyOwnProperties } from './own-properties.ts';
import { LIBRARY_PROPERTIES, PROPERTY_TABLE } from './property-table.ts';

/** What the user decides about events. */
export interface EventOptions {
  /** Put before every custom metadata key; may be empty. */
  readonly metadataPrefix: string;
  /** Levels of nesting kept in custom values. */
  readonly maxMetadataDepth: number;
  /** Own prices, by model. */
  readonly modelPrices?: ModelPrices | undefined;
  /** Distinct id of calls without a user. */
  readonly fallbackDistinctId?: string;
}

const LIBRARY_ENTRIES = Object.entries(LIBRARY_PROPERTIES);

/** Call to event. Pure; every envelope field follows from the call alone. */
export function toEvent(call: LlmCall, options: EventOptions): PostHogEvent {
  const event = eventName(call);
  const { distinctId, isAnonymous } = distinctIdOf(call, options.fallbackDistinctId);
  const timestamp = eventTimestamp(call);
  const properties: EventProperties = {};
  for (const { property, value } of PROPERTY_TABLE) {
    const held = value(call, event);
    if (held === undefined) continue;
    properties[property] = isTooLong(held) && !FREE_TEXTS.has(property) ? cut(held) : held;
  }
  if (isAnonymous) properties['$process_person_profile'] = false;
  for (const [name, value] of LIBRARY_ENTRIES) properties[name] = value;
  for (const name in call.service) properties[name] = call.service[name];
  if (call.sampleWeight !== undefined) properties['sample_weight'] = call.sampleWeight;
  const { metadataPrefix, maxMetadataDepth } = options;
  addCustomProperties(properties, call.trace.metadata, metadataPrefix, maxMetadataDepth);
  if (call.trace.tags) {
    addCustomProperties(properties, { tags: call.trace.tags }, metadataPrefix, maxMetadataDepth);
  }
  addCustomProperties(properties, call.extraAttributes, '', maxMetadataDepth);
  if (options.modelPrices) addModelPrice(properties, call, options.modelPrices);
  applyOwnProperties(properties, call.ownProperties);
  const uuid = eventUuid(call, event);
  return timestamp === undefined
    ? { event, uuid, distinct_id: distinctId, properties }
    : { event, uuid, distinct_id: distinctId, timestamp, properties };
}

/** Ids, names and models are no longer than this; what is, is a mistake that must not cost the event. */
const MAX_NAME_CHARACTERS = 1_000;

/** Content, which may be as long as the event's limit allows. */
const FREE_TEXTS: ReadonlySet<string> = new Set([
  '$ai_input',
  '$ai_input_state',
  '$ai_output_state',
  '$ai_prompt_template',
  '$ai_error',
]);

function isTooLong(value: unknown): value is string {
  return typeof value === 'string' && value.length > MAX_NAME_CHARACTERS;
}

function cut(text: string): string {
  return toWellFormed(text.slice(0, MAX_NAME_CHARACTERS));
}

/**
 * A root without any parent that is not a model call stands for the whole trace; a model call stays a generation even as root, since
 * PostHog builds the trace row itself.
 */
export function eventName(call: LlmCall): AiEventName {
  switch (call.kind) {
    case 'generation':
      return '$ai_generation';
    case 'embedding':
      return '$ai_embedding';
    default:
      return call.isTraceRoot && call.trace.parentSpanId === undefined ? '$ai_trace' : '$ai_span';
  }
}
