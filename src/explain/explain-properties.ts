import type { LlmCall } from '../translate/call/llm-call.ts';
import type { PropertyRow } from '../translate/event/property-row.ts';
import { LIBRARY_PROPERTIES, PROPERTY_TABLE } from '../translate/event/property-table.ts';
import { TRIM_PROPERTY } from '../translate/limits/trim-record.ts';
import type { AiEventName, EventProperties } from '../translate/posthog-event.ts';
import type { Consideration } from './considerations.ts';
import type { Origin, PropertyExplanation } from './explanation.ts';

const ROWS: ReadonlyMap<string, PropertyRow> = new Map(PROPERTY_TABLE.map((row) => [row.property, row]));

/** Facts that become properties under names of the user's choice. */
const CUSTOM_FACTS: readonly string[] = ['metadata', 'tags'];

/**
 * Where each property of an event came from.
 * @param shown the properties that may be shown, with their values; of others only the size is shown
 */
export function explainProperties(
  event: AiEventName,
  properties: EventProperties,
  shown: EventProperties,
  call: LlmCall,
  considerations: readonly Consideration[],
): PropertyExplanation[] {
  return Object.entries(properties).map(([property, value]) => ({
    property,
    ...(Object.hasOwn(shown, property) ? { value: shown[property] } : {}),
    ...(lengthOf(shown[property]) === lengthOf(value)
      ? {}
      : { hiddenCharacters: lengthOf(value) - lengthOf(shown[property]) }),
    from: originsOf(property, call, event, considerations),
  }));
}

function lengthOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}

/** Where the kind of a span stands; empty when it was concluded. */
export function explainKind(considerations: readonly Consideration[]): Origin[] {
  return considerations.filter(isUsedFor('kind')).map(toOrigin);
}

function originsOf(
  property: string,
  call: LlmCall,
  event: AiEventName,
  considerations: readonly Consideration[],
): Origin[] {
  const row = ROWS.get(property);
  if (row) {
    const known = row.facts.filter((fact) => considerations.some(isUsedFor(fact)));
    const decided = row.decidedBy ? [row.decidedBy(call, event)] : known;
    const facts = (row.isFirstKnown ? known.slice(0, 1) : known).filter((fact) => decided.includes(fact));
    const origins = facts.flatMap((fact) => considerations.filter(isUsedFor(fact)).map(toOrigin));
    return origins.length > 0 ? origins : [{ from: 'span', name: row.otherwise ?? elsewhere(row, call) }];
  }
  if (Object.hasOwn(LIBRARY_PROPERTIES, property)) return [{ from: 'package', name: 'this package' }];
  if (property === TRIM_PROPERTY) return [{ from: 'package', name: 'what was cut' }];
  if (property === '$process_person_profile') return [{ from: 'span', name: 'no user is known' }];
  if (Object.hasOwn(call.service, property)) return [{ from: 'resource', name: property }];
  const custom = considerations.filter((one) => CUSTOM_FACTS.some((fact) => isUsedFor(fact)(one)));
  const named = custom.filter(({ place }) => isNamedAfter(property, place.name));
  if (Object.hasOwn(call.extraAttributes ?? {}, property)) return [{ from: 'option', name: property }];
  return (named.length > 0 ? named : custom).map(toOrigin);
}

/** A fact that the span does not have was brought by a second record of the same call, or by what made no other call. */
function elsewhere({ facts }: PropertyRow, { hasFactsFromAbove }: LlmCall): string {
  if (facts.length === 0) return 'the span itself';
  return hasFactsFromAbove ? SPAN_ABOVE : ANOTHER_RECORD;
}

export const ANOTHER_RECORD = 'another record of the same call';
const SPAN_ABOVE = 'the span above it, which has no other call below, or the request below it';

function isUsedFor(fact: string): (one: Consideration) => boolean {
  return ({ field, outcome }) => field === fact && outcome === 'used';
}

/** `metadata_plan` may come from `mastra.metadata.plan`, if that is a place of its own. */
function isNamedAfter(property: string, place: string): boolean {
  const key = place.split('.').at(-1);
  return key !== undefined && key !== '' && property.endsWith(key);
}

function toOrigin({ place, lookedAt }: Consideration): Origin {
  const { from, name, dialect } = place;
  return { from, name, dialect, ...(lookedAt.length > 0 ? { with: lookedAt } : {}) };
}
