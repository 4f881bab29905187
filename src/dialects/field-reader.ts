import type { CallKind } from '../call/llm-call.ts';
import type { SpanView } from '../span/span-view.ts';
import type { Dialect, JudgeContext, Source } from './dialect.ts';
import { type Field, type FieldValues, MERGED_FIELDS } from './fields.ts';
import type { RankedSource, RegistryIndex } from './registry-index.ts';
import { parseJson } from './shared/json.ts';

/** Told what each question found; `explain` listens, the exporter does not. */
export interface ReadObserver {
  /** A source is about to be read; until `onSource`, what it looks at belongs to it. */
  beforeSource?(): void;
  /** `used`: gave the value. `unusable`: stood earlier but held nothing usable. `shadowed`: a better source had it. */
  onSource(field: Field, place: SourcePlace, outcome: 'used' | 'unusable' | 'shadowed'): void;
}

export interface SourcePlace {
  readonly dialect: string;
  readonly from: Source<unknown>['from'];
  /** Attribute name, prefix with `*`, or label. */
  readonly name: string;
}

/** Answers questions about one span. */
export interface FieldReader extends JudgeContext {
  /** Dialects that recognise the span; the first has claimed it. */
  readonly dialects: readonly Dialect[];
}

interface Candidate {
  readonly ranked: RankedSource;
  /** The attribute's value, or the collected pairs of a prefix source. */
  readonly value: unknown;
}

/** Stands for an answer that was not asked for yet. */
const UNREAD = Symbol('unread');

/**
 * Sorts a span's attributes by the facts they can supply.
 * @returns `undefined` when no dialect recognises the span: it has nothing to do with AI.
 */
export function readFields(
  span: SpanView,
  index: RegistryIndex,
  observer?: ReadObserver,
): FieldReader | undefined {
  const dialects = recognise(span, index);
  if (dialects.length === 0) return undefined;
  const candidates = collect(span, index, dialects);
  const answers: unknown[] = new Array(index.slots.size).fill(UNREAD);
  const parsed = new Map<string, unknown>();
  let kind: CallKind | undefined;

  const reader: FieldReader = {
    span,
    dialects,
    get kind() {
      return kind;
    },
    has: (dialectId) => dialects.some(({ id }) => id === dialectId),
    json(key) {
      if (parsed.has(key)) return parsed.get(key);
      const structured = parseJson(span.attributes[key]);
      parsed.set(key, structured);
      return structured;
    },
    get<F extends Field>(field: F): FieldValues[F] | undefined {
      const slot = index.slots.get(field);
      if (slot === undefined) return undefined;
      if (answers[slot] === UNREAD) answers[slot] = answer(field, candidates[slot], reader, observer);
      return answers[slot] as FieldValues[F] | undefined;
    },
  };
  kind = reader.get('kind');
  return reader;
}

/** Whether some dialect recognises the span as one of AI. */
export function isRecognised(span: SpanView, index: RegistryIndex): boolean {
  return recognise(span, index).length > 0;
}

/** Dialects of the span: specific ones in order of precedence, then generic ones. Most spans of an application have none. */
function recognise(span: SpanView, index: RegistryIndex): readonly Dialect[] {
  let present: Set<Dialect> | undefined;
  const add = (revealed: readonly Dialect[]) => {
    if (revealed.length === 0) return;
    present ??= new Set();
    for (const dialect of revealed) present.add(dialect);
  };
  for (const key in span.attributes) {
    const meaning = index.meaningOf(key);
    if (meaning && span.attributes[key] !== undefined) add(meaning.reveals);
  }
  add(index.dialectsOfScope(span.scope.name));
  add(index.dialectsOfSpanName(span.name));
  const service = span.resource['service.name'];
  if (typeof service === 'string') add(index.dialectsOfService(service));
  if (!present) return [];
  return [...present].sort((a, b) => index.claimRank(a) - index.claimRank(b));
}

/** Everything that stands on the span, by the slot of the fact it may supply, best first. */
function collect(
  span: SpanView,
  index: RegistryIndex,
  dialects: readonly Dialect[],
): readonly (Candidate[] | undefined)[] {
  const candidates: (Candidate[] | undefined)[] = new Array(index.slots.size).fill(undefined);
  const collections = new Map<RankedSource, [string, unknown][]>();
  const add = (ranked: RankedSource, value: unknown) => {
    if (ranked.source.onlyOwnSpans && !dialects.includes(ranked.dialect)) return;
    const list = candidates[ranked.slot];
    if (!list) {
      candidates[ranked.slot] = [{ ranked, value }];
      return;
    }
    let place = list.length;
    while (place > 0 && (list[place - 1]?.ranked.rank ?? 0) > ranked.rank) place--;
    list.splice(place, 0, { ranked, value });
  };
  for (const key in span.attributes) {
    const meaning = index.meaningOf(key);
    const value = span.attributes[key];
    if (!meaning || value === undefined || value === null) continue;
    for (const ranked of meaning.sources) add(ranked, value);
    for (const { ranked, prefixLength } of meaning.prefixSources) {
      const entries = collections.get(ranked);
      if (entries) {
        entries.push([key.slice(prefixLength), value]);
      } else {
        const started: [string, unknown][] = [[key.slice(prefixLength), value]];
        collections.set(ranked, started);
        add(ranked, started);
      }
    }
  }
  for (const sources of index.otherSources) {
    for (const ranked of sources) {
      const { source } = ranked;
      if (source.from === 'events' && span.events.length === 0) continue;
      const value = source.from === 'resource' ? span.resource[source.key] : undefined;
      if (source.from !== 'resource' || value !== undefined) add(ranked, value);
    }
  }
  return candidates;
}

/** The first usable value; for fields that merge, all of them, the better ones on top. */
function answer(
  field: Field,
  candidates: readonly Candidate[] | undefined,
  reader: FieldReader,
  observer: ReadObserver | undefined,
): unknown {
  let found: unknown;
  for (const candidate of candidates ?? []) {
    if (found !== undefined && !MERGED_FIELDS.has(field)) {
      if (!observer) break;
      observer.onSource(field, placeOf(candidate.ranked), 'shadowed');
      continue;
    }
    observer?.beforeSource?.();
    const value = readSource(candidate, reader);
    observer?.onSource(field, placeOf(candidate.ranked), value === undefined ? 'unusable' : 'used');
    if (value === undefined) continue;
    found = found === undefined ? value : { ...(value as object), ...(found as object) };
  }
  return found;
}

/** A source that throws has met a value it was not made for: it holds nothing usable, and the span goes on. */
function readSource({ ranked: { source }, value }: Candidate, reader: FieldReader): unknown {
  try {
    switch (source.from) {
      case 'attribute':
      case 'resource':
        return source.read(value, reader);
      case 'prefix':
        return source.read(value as readonly [string, unknown][], reader);
      case 'events':
        return source.read(reader.span.events, reader);
      case 'span':
        return source.read(reader.span, reader);
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
