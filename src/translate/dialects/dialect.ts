import type { CallKind } from '../call/llm-call.ts';
import type { TextForm } from '../call/messages.ts';
import type { Reporting } from '../call/usage.ts';
import type { SpanEventView, SpanView } from '../span/span-view.ts';
import type { Field, FieldValues } from './fields.ts';

/**
 * One telemetry convention: how its spans are recognised and where it keeps each fact. A dialect is data; adding one
 * means one file and one line in the registry.
 */
export interface Dialect {
  /** Stable id, shown by `explain`. */
  readonly id: string;
  /** Human name, for documentation. */
  readonly title: string;
  readonly detect: Detection;
  /** What it names the application set itself, by the helper or by attributes for this very purpose. */
  readonly isOfApplication?: boolean;
  /** A convention that others build upon: it claims a span only when no other dialect recognises it. */
  readonly isGeneric?: boolean;
  /**
   * Attributes with content that no field reads; those that the fields of content read from are content anyway, see
   * `content-names.ts`. What privacy mode withholds follows from both.
   */
  readonly content?: DialectContent;
  /** For each fact, the places to look, best first. */
  readonly fields: { readonly [F in Field]?: readonly Source<FieldValues[F]>[] };
  /** Corrects the kind where the convention's own rule is wrong or silent (wrappers that repeat a call, placeholders). */
  readonly correctKind?: (context: KindContext) => KindCorrection | undefined;
  /** Whether this emitter's input count includes cached tokens, where its documentation or source code says so. */
  readonly cacheReporting?: (context: KindContext) => Reporting | undefined;
  /** Whether this emitter's output count includes reasoning tokens. */
  readonly reasoningReporting?: (context: KindContext) => Reporting | undefined;
  /** An exception is the emitter's only sign of a failed call, which may have said something by then. */
  readonly exceptionsAreFailures?: boolean;
  /** Value of `$ai_framework`; only for emitters that are an application framework. */
  readonly framework?: string;
  /**
   * Sources of a name that no dialect lists, found by its words. They are read for the facts whose place no dialect knows on
   * the span.
   */
  readonly sourcesByName?: (name: string) => readonly NamedSource[];
  /** Whether a span with these facts, by the names of its attributes alone, is worth reading as the dialect's. */
  readonly looksLikeOwn?: (fields: ReadonlySet<Field>) => boolean;
}

/** What sort of content an attribute holds. */
export const ATTRIBUTE_CONTENT_KINDS = [
  'headers',
  'url',
  'input',
  'output',
  'tools',
  'parameters',
  'embedding',
  'error',
  'evaluation',
] as const;

export type AttributeContentKind = (typeof ATTRIBUTE_CONTENT_KINDS)[number];

/** Names of attributes by the content that they hold; `*` at the end takes any ending, at the beginning any beginning. */
export type DialectContent = {
  readonly [K in AttributeContentKind]?: readonly string[];
} & {
  /** Names that a pattern would take although they hold counts, prices or plain names. */
  readonly none?: readonly string[];
};

/** A source of one fact, made for one name. The same object for the same place. */
export interface NamedSource {
  readonly field: Field;
  readonly source: AttributeSource<unknown> | PrefixSource<unknown>;
  /** Lower is better among the sources by name of a fact. */
  readonly rank: number;
  /** Not for a name in a namespace that a dialect knows. */
  readonly onlyUnclaimed?: boolean | undefined;
}

/** A span belongs to a dialect when any of these is met. */
export interface Detection {
  /** Instrumentation scope names; a trailing `*` matches any ending. */
  readonly scopes?: readonly string[];
  /** Attribute names that only this dialect writes. */
  readonly attributes?: readonly string[];
  /** Attribute namespaces that only this dialect writes, for example `traceloop.`. */
  readonly prefixes?: readonly string[];
  /** Span names; a trailing `*` matches any ending. Looked at only with the scope or an attribute absent. */
  readonly spanNames?: readonly string[];
  /** `service.name` values of the resource. */
  readonly services?: readonly string[];
}

/** One place where a fact may stand. `read` returns `undefined` for a value it cannot use. */
export type Source<T> =
  | AttributeSource<T>
  | PrefixSource<T>
  | EventsSource<T>
  | ResourceSource<T>
  | SpanSource<T>;

/** What any source may say of itself. */
export interface SourceOptions {
  /** The name is too common to mean anything outside this dialect's own spans. */
  readonly onlyOwnSpans?: boolean;
  /** Believed only when every other source of the fact, of any dialect, is silent. */
  readonly lastResort?: boolean;
  /** Most attributes below the prefix hold no content; the dialect's `content` names those that do. */
  readonly isMixed?: boolean;
  /** Believed before every other source of the fact: the dialect knows what its emitter does to a common attribute. */
  readonly firstChoice?: boolean;
}

export interface AttributeSource<T> extends SourceOptions {
  readonly from: 'attribute';
  readonly key: string;
  readonly read: (value: unknown, context: ReadContext) => T | undefined;
}

/** All attributes whose name starts with the prefix, as pairs of the rest of the name and the value. */
export interface PrefixSource<T> extends SourceOptions {
  readonly from: 'prefix';
  readonly prefix: string;
  readonly read: (entries: AttributeEntries, context: ReadContext) => T | undefined;
  /** Takes from a whole form what the flattened one lost, and knows what was left out on purpose. */
  readonly knowsWhole?: boolean;
}

export type AttributeEntries = ReadonlyArray<readonly [suffix: string, value: unknown]>;

/** Span events and log records of the span. */
export interface EventsSource<T> extends SourceOptions {
  readonly from: 'events';
  /** Shown by `explain`. */
  readonly label: string;
  readonly read: (events: readonly SpanEventView[], context: ReadContext) => T | undefined;
}

export interface ResourceSource<T> extends SourceOptions {
  readonly from: 'resource';
  readonly key: string;
  readonly read: (value: unknown, context: ReadContext) => T | undefined;
}

/** A fact of the span itself: its name, kind or status. */
export interface SpanSource<T> extends SourceOptions {
  readonly from: 'span';
  /** Shown by `explain`. */
  readonly label: string;
  readonly read: (span: SpanView, context: ReadContext) => T | undefined;
}

export interface ReadContext {
  readonly span: SpanView;
  /** Default: `decoded`. */
  readonly texts?: TextForm | undefined;
  /** The attribute as structured data: JSON text is parsed, once per span and key; other values are passed through. */
  json(this: ReadContext, key: string): unknown;
  /** The same for readers of messages: where nobody looks at texts, those of messages stay where they stand. */
  messagesJson(this: ReadContext, key: string): unknown;
}

export interface KindContext extends ReadContext {
  /** Kind by the classification sources, before any correction. */
  readonly kind: CallKind | undefined;
  has(this: KindContext, dialectId: string): boolean;
  get<F extends Field>(this: KindContext, field: F): FieldValues[F] | undefined;
}

/** A correction of the kind, with its reason in words for `explain`. */
export type KindCorrection =
  | { readonly kind: CallKind; readonly because: string }
  /** Not an operation at all (placeholder, duplicate record): the span is filtered. */
  | { readonly kind: 'ignore'; readonly because: string };
