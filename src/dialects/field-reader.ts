import type { CallKind } from '../call/llm-call.ts';
import type { SpanView } from '../span/span-view.ts';
import type { Dialect, JudgeContext, ReadContext, Source } from './dialect.ts';
import { type Field, type FieldValues, MERGED_FIELDS } from './fields.ts';
import type { RankedSource, RegistryIndex } from './registry-index.ts';
import { parseJson } from './shared/json.ts';

/** Told what each question found; `explain` listens, the exporter does not. */
export interface ReadObserver {
  /** `used`: gave the value. `unusable`: stood earlier but held nothing usable. `shadowed`: a better source had it. */
  onSource(field: Field, place: SourcePlace, outcome: 'used' | 'unusable' | 'shadowed'): void;
}

export interface SourcePlace {
  readonly dialect: string;
  readonly from: Source<unknown>['from'];
  /** Attribute name, prefix with `*`, or label. */
  readonly name: string;
}

interface Candidate {
  readonly ranked: RankedSource;
  /** The attribute's value, or the collected pairs of a prefix source. */
  readonly value: unknown;
}

/** Answers questions about one span. */
export interface FieldReader extends JudgeContext {
  /** Dialects that recognise the span; the first has claimed it. */
  readonly dialects: readonly Dialect[];
}

const NO_CANDIDATES: readonly Candidate[] = [];

/**
 * Walks a span's attributes once and sorts them by the facts they can supply.
 * @returns `undefined` when no dialect recognises the span: it has nothing to do with AI.
 */
export function readFields(
  span: SpanView,
  index: RegistryIndex,
  observer?: ReadObserver,
): FieldReader | undefined {
  const present = new Set<Dialect>(index.dialectsOfScope(span.scope.name));
  for (const dialect of index.dialectsOfSpanName(span.name)) present.add(dialect);
  const service = span.resource['service.name'];
  if (typeof service === 'string') {
    for (const dialect of index.dialectsOfService(service)) present.add(dialect);
  }

  const candidates = new Map<Field, Candidate[]>();
  const collections = new Map<RankedSource, [string, unknown][]>();
  const add = (ranked: RankedSource, value: unknown) => {
    const list = candidates.get(ranked.field);
    if (list) list.push({ ranked, value });
    else candidates.set(ranked.field, [{ ranked, value }]);
  };

  for (const key of Object.keys(span.attributes)) {
    const meaning = index.meaningOf(key);
    if (!meaning) continue;
    const value = span.attributes[key];
    if (value === undefined || value === null) continue;
    for (const dialect of meaning.reveals) present.add(dialect);
    for (const ranked of meaning.sources) add(ranked, value);
    for (const { ranked, prefixLength } of meaning.prefixSources) {
      const suffix = key.slice(prefixLength);
      const entries = collections.get(ranked);
      if (entries) {
        entries.push([suffix, value]);
      } else {
        const started: [string, unknown][] = [[suffix, value]];
        collections.set(ranked, started);
        add(ranked, started);
      }
    }
  }
  if (present.size === 0) return undefined;
  const recognised = index.dialects.filter((dialect) => present.has(dialect));
  const claimed = recognised
    .filter(({ isGeneric }) => !isGeneric)
    .concat(recognised.filter(({ isGeneric }) => isGeneric));

  const parsed = new Map<string, unknown>();
  const answers = new Map<Field, unknown>();
  let kind: CallKind | undefined;

  const context: ReadContext = {
    span,
    json(key) {
      if (parsed.has(key)) return parsed.get(key);
      const structured = parseJson(span.attributes[key]);
      parsed.set(key, structured);
      return structured;
    },
  };

  const rankedFor = (field: Field): readonly Candidate[] => {
    const fromAttributes = candidates.get(field);
    const others = index.otherSources.get(field);
    if (!fromAttributes && !others) return NO_CANDIDATES;
    const all = [...(fromAttributes ?? [])];
    for (const ranked of others ?? []) {
      const value = ranked.source.from === 'resource' ? span.resource[ranked.source.key] : undefined;
      if (ranked.source.from !== 'resource' || value !== undefined) all.push({ ranked, value });
    }
    return all
      .filter(({ ranked }) => !ranked.source.onlyOwnSpans || present.has(ranked.dialect))
      .sort((a, b) => a.ranked.rank - b.ranked.rank);
  };

  const find = (field: Field): unknown => {
    let found: unknown;
    for (const candidate of rankedFor(field)) {
      if (found !== undefined && !MERGED_FIELDS.has(field)) {
        observer?.onSource(field, placeOf(candidate.ranked), 'shadowed');
        if (!observer) break;
        continue;
      }
      const value = readSource(candidate, span, context);
      observer?.onSource(field, placeOf(candidate.ranked), value === undefined ? 'unusable' : 'used');
      if (value === undefined) continue;
      found = found === undefined ? value : { ...(value as object), ...(found as object) };
    }
    return found;
  };

  const reader: FieldReader = {
    ...context,
    dialects: claimed,
    get kind() {
      return kind;
    },
    has: (dialectId) => claimed.some(({ id }) => id === dialectId),
    get<F extends Field>(field: F): FieldValues[F] | undefined {
      if (!answers.has(field)) answers.set(field, find(field));
      return answers.get(field) as FieldValues[F] | undefined;
    },
  };
  kind = reader.get('kind');
  return reader;
}

/** A source that throws has met a value it was not made for: it holds nothing usable, and the span goes on. */
function readSource({ ranked, value }: Candidate, span: SpanView, context: ReadContext): unknown {
  const { source } = ranked;
  try {
    switch (source.from) {
      case 'attribute':
      case 'resource':
        return source.read(value, context);
      case 'prefix':
        return source.read(value as readonly [string, unknown][], context);
      case 'events':
        return span.events.length > 0 ? source.read(span.events, context) : undefined;
      case 'span':
        return source.read(span, context);
    }
  } catch {
    return undefined;
  }
}

function placeOf({ dialect, source }: RankedSource): SourcePlace {
  const name =
    source.from === 'attribute' || source.from === 'resource'
      ? source.key
      : source.from === 'prefix'
        ? `${source.prefix}*`
        : source.label;
  return { dialect: dialect.id, from: source.from, name };
}
