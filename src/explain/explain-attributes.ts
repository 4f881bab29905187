import type { CallKind } from '../translate/call/llm-call.ts';
import type { Field } from '../translate/dialects/fields.ts';
import type { RegistryIndex } from '../translate/reading/registry-index.ts';
import type { RankedSource } from '../translate/reading/registry-tables.ts';
import type { SpanView } from '../translate/span/span-view.ts';
import { type Consideration, isAt } from './considerations.ts';
import type { AttributeExplanation, RecognisedDialect } from './explanation.ts';

/** What was known when the span was read. */
export interface ReadFacts {
  readonly index: RegistryIndex;
  readonly considerations: readonly Consideration[];
  readonly dialects: readonly RecognisedDialect[];
  readonly kind: CallKind | undefined;
  /** Attributes that the user has sent as they are. */
  readonly included: (attribute: string) => boolean;
}

/** The fate of every attribute, in the span's own order. */
export function explainAttributes({ attributes }: SpanView, facts: ReadFacts): AttributeExplanation[] {
  return Object.keys(attributes).map((name) => explainAttribute(name, attributes[name], facts));
}

function explainAttribute(name: string, value: unknown, facts: ReadFacts): AttributeExplanation {
  const { considerations, index } = facts;
  const own = considerations.filter(({ place }) => isAt(place, name));
  const consulting = considerations.filter(({ lookedAt }) => lookedAt.includes(name));
  const used = fieldsOf(own, 'used');
  if (used.length > 0) return { name, fate: 'used', facts: used };
  if (facts.included(name)) return { name, fate: 'used', facts: [] };
  const consulted = fieldsOf(consulting, 'used');
  if (consulted.length > 0) return { name, fate: 'consulted', facts: consulted };
  const meaning = index.meaningOf(name);
  if (value === undefined || value === null) {
    return { name, fate: 'unusable', facts: [], because: 'it has no value' };
  }
  const unusable = fieldsOf(own, 'unusable');
  if (unusable.length > 0) {
    return {
      name,
      fate: 'unusable',
      facts: unusable,
      because: 'its value is empty, masked or of no known form',
    };
  }
  const shadowed = fieldsOf(own, 'shadowed');
  if (shadowed.length > 0) {
    return { name, fate: 'shadowed', facts: shadowed, because: shadowReason(shadowed, considerations) };
  }
  const sources = meaning ? [...meaning.sources, ...meaning.prefixSources] : [];
  if (!meaning || sources.length + meaning.reveals.length === 0) {
    return { name, fate: 'ignored', facts: [], because: 'no dialect knows it' };
  }
  if (sources.length === 0) {
    return {
      name,
      fate: 'marker',
      facts: [],
      because: 'it shows the dialect and holds no fact that is sent',
    };
  }
  return {
    name,
    fate: 'not needed',
    facts: unique(sources.map(({ field }) => field)),
    because: because(sources, facts),
  };
}

function fieldsOf(considerations: readonly Consideration[], outcome: Consideration['outcome']): Field[] {
  return unique(considerations.filter((one) => one.outcome === outcome).map(({ field }) => field));
}

function shadowReason(fields: readonly Field[], considerations: readonly Consideration[]): string {
  const better = fields.map((field) => {
    const winner = considerations.find((one) => one.field === field && one.outcome === 'used');
    return winner ? `${field} stands in ${winner.place.name}` : field;
  });
  return better.join('; ');
}

/** A source that was never asked: it belongs to another dialect's spans, or to another kind of span. */
function because(sources: readonly RankedSource[], { dialects, kind }: ReadFacts): string {
  if (kind === undefined) return 'the span is not sent';
  const isOwn = ({ source, dialect }: RankedSource) =>
    source.onlyOwnSpans !== true || dialects.some(({ id }) => id === dialect.id);
  const [first] = sources;
  return sources.some(isOwn) || !first
    ? `a span of kind ${kind} does not carry it`
    : `it means something on spans of ${first.dialect.title} only`;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
