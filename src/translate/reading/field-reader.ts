import { retained } from '../../json/memory/retained.ts';
import type { CallKind } from '../call/llm-call.ts';
import type { Message, TextForm } from '../call/messages.ts';
import { namesNobody, namesSession } from '../call/no-identity.ts';
import type { Dialect, KindContext, Source } from '../dialects/dialect.ts';
import { type Field, type FieldValues, MERGED_FIELDS } from '../dialects/fields.ts';
import { fullerMessages } from '../dialects/shared/fuller-messages.ts';
import { parseLazily } from '../messages/lazy-texts.ts';
import { isRecord, parseJson } from '../messages/recorded-json.ts';
import type { SpanView } from '../span/span-view.ts';
import { cutMetadata, cutName } from './cut-names.ts';
import type { RegistryIndex } from './registry-index.ts';
import type { RankedSource } from './registry-tables.ts';
import type { SpanPlan } from './span-plan.ts';

/** Called with what each field was read from; `explain` passes one, the exporter does not. */
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

/** Stands for an answer that was not asked for yet. */
const UNREAD = Symbol('unread');

let unread: readonly unknown[] = [];

/** Room for the answers about one span, as a copy: see `retained`. */
function noAnswers(slots: number): unknown[] {
  if (unread.length !== slots) unread = new Array(slots).fill(UNREAD);
  return retained(unread);
}

/**
 * Sorts a span's attributes by the facts they can supply.
 * @returns `undefined` when no dialect recognises the span: it has nothing to do with AI.
 */
export function readFields(
  span: SpanView,
  index: RegistryIndex,
  observer?: ReadObserver,
  texts?: TextForm,
): FieldReader | undefined {
  const plan = index.planFor(span);
  return plan.dialects.length > 0 ? new FieldReader(span, plan, index, observer, texts) : undefined;
}

/**
 * Answers questions about one span.
 *
 * A class and not an object literal: the engine makes a hidden class anew for each literal with a getter, where it
 * lives with the old objects and keeps alive for a while everything that the span was read into.
 */
export class FieldReader implements KindContext {
  readonly span: SpanView;
  readonly texts: TextForm | undefined;
  /** Dialects that recognise the span; the first has claimed it. */
  readonly dialects: readonly Dialect[];
  readonly kind: CallKind | undefined;
  readonly #slots: RegistryIndex['slots'];
  readonly #plan: SpanPlan;
  readonly #observer: ReadObserver | undefined;
  readonly #answers: unknown[];
  /** Of the answer for `metadata`, what was not set by the application itself. Known once it was asked for. */
  instrumentationMetadata: FieldValues['metadata'] | undefined;
  #parsed: Map<string, unknown> | undefined;
  #messages: Map<string, unknown> | undefined;

  constructor(
    span: SpanView,
    plan: SpanPlan,
    { slots }: RegistryIndex,
    observer: ReadObserver | undefined,
    texts: TextForm | undefined,
  ) {
    this.span = span;
    this.texts = texts;
    this.dialects = plan.dialects;
    this.#slots = slots;
    this.#plan = plan;
    this.#observer = observer;
    this.#answers = noAnswers(slots.size);
    this.kind = this.get('kind');
  }

  has(dialectId: string): boolean {
    return this.dialects.some(({ id }) => id === dialectId);
  }

  json(key: string): unknown {
    this.#parsed ??= new Map();
    if (this.#parsed.has(key)) return this.#parsed.get(key);
    const structured = parseJson(this.span.attributes[key]);
    this.#parsed.set(key, structured);
    return structured;
  }

  messagesJson(key: string): unknown {
    if (this.texts !== 'recorded') return this.json(key);
    this.#messages ??= new Map();
    if (this.#messages.has(key)) return this.#messages.get(key);
    const structured = parseLazily(this.span.attributes[key]) ?? this.json(key);
    this.#messages.set(key, structured);
    return structured;
  }

  entriesBelow(prefix: string): [suffix: string, value: unknown][] {
    const { attributes } = this.span;
    return this.#plan.namesBelow(prefix, this.span).map(({ key, suffix }) => [suffix, attributes[key]]);
  }

  get<F extends Field>(field: F): FieldValues[F] | undefined {
    const slot = this.#slots.get(field);
    const sources = slot === undefined ? undefined : this.#plan.sources[slot];
    // No source for most facts of most spans.
    if (slot === undefined || sources === undefined) return undefined;
    if (this.#answers[slot] === UNREAD) this.#answers[slot] = answer(field, sources, this, this.#observer);
    return this.#answers[slot] as FieldValues[F] | undefined;
  }
}

/** Whether some dialect recognises the span as one of AI. */
export function isRecognised(span: SpanView, index: RegistryIndex): boolean {
  return index.planFor(span).dialects.length > 0;
}

/** The first usable value; for fields that merge, all of them, the better ones on top. */
function answer(
  field: Field,
  sources: readonly RankedSource[],
  reader: FieldReader,
  observer: ReadObserver | undefined,
): unknown {
  let found: unknown;
  let isFlattened = false;
  for (const ranked of sources) {
    if (isAbsent(ranked.source, reader.span)) continue;
    if (found !== undefined && !MERGED_FIELDS.has(field)) {
      const whole = isFlattened ? readWhole(found, ranked.source, reader) : undefined;
      if (whole !== undefined) {
        found = whole;
        isFlattened = false;
        observer?.onSource(field, placeOf(ranked), 'used');
        continue;
      }
      if (!observer && !isFlattened) break;
      observer?.onSource(field, placeOf(ranked), 'shadowed');
      continue;
    }
    observer?.beforeSource?.();
    const value = usable(field, cutName(field, readSource(ranked.source, reader)));
    observer?.onSource(field, placeOf(ranked), value === undefined ? 'unusable' : 'used');
    if (value === undefined) continue;
    if (field === 'metadata' && !ranked.dialect.isOfApplication) {
      const metadata = value as FieldValues['metadata'];
      const before = reader.instrumentationMetadata;
      reader.instrumentationMetadata = before === undefined ? metadata : { ...metadata, ...before };
    }
    isFlattened = isCuttable(field, ranked.source);
    found = found === undefined ? value : { ...(value as object), ...(found as object) };
  }
  return found;
}

const MESSAGE_FIELDS: ReadonlySet<Field> = new Set<Field>(['inputMessages', 'outputMessages']);

function isCuttable(field: Field, source: Source<unknown>): boolean {
  return source.from === 'prefix' && source.knowsWhole !== true && MESSAGE_FIELDS.has(field);
}

/**
 * Messages that are spelled out over many attributes lose what the SDK's limit cuts off. Where they also stand whole in
 * one, and it holds all of that and more, it is taken.
 */
function readWhole(flattened: unknown, source: Source<unknown>, reader: FieldReader): unknown {
  if (source.from !== 'attribute') return undefined;
  const before = flattened as readonly Message[];
  const fuller = fullerMessages(before, readSource(source, reader) as readonly Message[] | undefined);
  return fuller === before ? undefined : fuller;
}

/** What names nobody gives way to the next source. */
function usable(field: Field, value: unknown): unknown {
  if (field === 'metadata') return cutMetadata(value);
  if (typeof value !== 'string') return value;
  if (field === 'user' || field === 'resourceUser') return userId(value);
  if (field === 'sessionId' || field === 'resourceSessionId') return namesSession(value) ? value : undefined;
  return value;
}

/** Some applications set a whole user (`{"id": …}`), of which the id is wanted. */
function userId(text: string): string | undefined {
  const user = text.startsWith('{') ? parseJson(text) : undefined;
  const id = isRecord(user) ? (user.id ?? user.user_id ?? user.userId) : text;
  const word = typeof id === 'number' ? String(id) : id;
  return typeof word !== 'string' || namesNobody(word) ? undefined : word;
}

/** Attributes are there, or the plan would not name them; of events and resource it knows nothing. */
function isAbsent(source: Source<unknown>, span: SpanView): boolean {
  return (
    (source.from === 'events' && span.events.length === 0) ||
    (source.from === 'resource' && span.resource[source.key] === undefined)
  );
}

/** A source that throws has met a value it was not made for: it holds nothing usable, and the span goes on. */
function readSource(source: Source<unknown>, reader: FieldReader): unknown {
  const { span } = reader;
  try {
    switch (source.from) {
      case 'attribute':
        return source.read(span.attributes[source.key], reader);
      case 'resource':
        return source.read(span.resource[source.key], reader);
      case 'prefix':
        return source.read(reader.entriesBelow(source.prefix), reader);
      case 'events':
        return source.read(span.events, reader);
      case 'span':
        return source.read(span, reader);
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
