import type { Dialect, Source } from '../dialects/dialect.ts';
import type { Field } from '../dialects/fields.ts';

/** A source with its place in the precedence of its field. */
export interface RankedSource {
  readonly field: Field;
  readonly dialect: Dialect;
  readonly source: Source<unknown>;
  /** Lower is better. */
  readonly rank: number;
  /** Position of the field in `RegistryTables.slots`, so that a span's facts can lie in an array. */
  readonly slot: number;
}

/** What one attribute name means to the registry. */
export interface KeyMeaning {
  readonly sources: readonly RankedSource[];
  /** Those that read all attributes below a prefix of this name. */
  readonly prefixSources: readonly RankedSource[];
  /** Dialects that the mere presence of this attribute reveals. */
  readonly reveals: readonly Dialect[];
  /** What the words of the name say, for facts whose place no dialect knows on the span. */
  readonly byWords: readonly RankedSource[];
}

/** The registry turned around: from names to what they mean. */
export interface RegistryTables {
  readonly dialects: readonly Dialect[];
  /** Slot of each field that some dialect supplies. */
  readonly slots: ReadonlyMap<Field, number>;
  /** Meaning of an attribute name, `undefined` when no dialect knows it. */
  meaningOf(key: string): KeyMeaning | undefined;
  /** Dialects recognised by the instrumentation scope. */
  dialectsOfScope(scopeName: string): readonly Dialect[];
  dialectsOfSpanName(spanName: string): readonly Dialect[];
  dialectsOfService(serviceName: string): readonly Dialect[];
  /** Order in which dialects claim a span that several recognise: specific ones before generic ones. */
  claimRank(dialect: Dialect): number;
  /** Sources that are not attributes (events, resource, the span itself), by slot, best first. */
  readonly otherSources: readonly (readonly RankedSource[])[];
}
