import { madeOnce } from '../../json/memory/made-once.ts';
import type { Detection, Dialect, NamedSource, Source } from '../dialects/dialect.ts';
import type { Field } from '../dialects/fields.ts';
import { DIALECTS, FIELD_ORDER } from '../dialects/registry.ts';
import { matchesAnyName } from '../span/name-pattern.ts';
import type { SpanView } from '../span/span-view.ts';
import { MAX_NAME_CHARACTERS } from './cut-names.ts';
import type { KeyMeaning, RankedSource, RegistryTables } from './registry-tables.ts';
import { createSpanPlanner, type SpanPlan } from './span-plan.ts';

/** The registry as the reader uses it: walked once for each make of span. */
export interface RegistryIndex extends RegistryTables {
  /** Who recognises a span, and where its facts can stand. */
  planFor(span: SpanView): SpanPlan;
}

/** Attribute and scope names seen are remembered; flattened names make their number unbounded, so the memory is not. */
const MAX_REMEMBERED_NAMES = 8192;

const NONE: readonly never[] = [];

/** Dialect ids in the order that holds for one field. */
type FieldOrder = { readonly [F in Field]?: readonly string[] };

/**
 * Builds the index.
 * @param dialects in order of precedence
 * @param fieldOrder dialect ids in the order that holds for one field, where it differs from the general order; dialects not named come after, in general order
 */
export function indexRegistry(dialects: readonly Dialect[], fieldOrder: FieldOrder): RegistryIndex {
  const { exact, prefixed, slots, otherSources, slotOf } = rankSources(dialects, fieldOrder);
  const claimRanks = new Map(
    dialects.map((dialect, position) => [dialect, dialect.isGeneric ? dialects.length + position : position]),
  );

  const readers = dialects.filter(({ sourcesByName }) => sourcesByName !== undefined);
  const rankedByName = new WeakMap<NamedSource, RankedSource>();
  /** After the sources of all dialects. One object for one place, which several names can share. */
  const sourcesByName = (key: string, isClaimed: boolean): readonly RankedSource[] =>
    readers.flatMap((dialect) =>
      (dialect.sourcesByName?.(key) ?? NONE).flatMap((named) => {
        if (isClaimed && named.onlyUnclaimed) return NONE;
        const known = rankedByName.get(named);
        if (known !== undefined) return known;
        const { field, source } = named;
        const rank = 6 * dialects.length * 1000 + named.rank;
        const ranked: RankedSource = { field, dialect, source, rank, slot: slotOf(field) };
        rankedByName.set(named, ranked);
        return ranked;
      }),
    );

  const byPrefixes = new Map<string, KeyMeaning>();
  const resolveKey = (key: string): KeyMeaning | undefined => {
    const sources = exact.get(key) ?? NONE;
    const prefixSources = prefixed
      .filter(({ prefix }) => key.length > prefix.length && key.startsWith(prefix))
      .map(({ ranked }) => ranked);
    const reveals = dialects.filter(
      ({ detect }) =>
        detect.attributes?.includes(key) === true ||
        detect.prefixes?.some((prefix) => key.startsWith(prefix)) === true,
    );
    const isKnown = isPlaced(sources) || isPlaced(prefixSources);
    const byWords = isKnown ? NONE : sourcesByName(key, reveals.length > 0);
    if (sources.length + prefixSources.length + reveals.length + byWords.length === 0) return undefined;
    if (sources.length > 0 || byWords.length > 0) return { sources, prefixSources, reveals, byWords };
    // Flattened names are many, and all that they mean is their prefix.
    const meant = [
      ...prefixSources.map(({ slot, rank }) => `${slot}:${rank}`),
      ...reveals.map(({ id }) => id),
    ].join(' ');
    const known = byPrefixes.get(meant) ?? { sources, prefixSources, reveals, byWords };
    byPrefixes.set(meant, known);
    return known;
  };

  const dialectsWith = (isDetected: (detect: Detection) => boolean): readonly Dialect[] => {
    const found = dialects.filter(({ detect }) => isDetected(detect));
    return found.length === 0 ? NONE : found;
  };

  const tables: RegistryTables = {
    dialects,
    slots,
    meaningOf: remember(resolveKey),
    dialectsOfScope: remember((name) => dialectsWith(({ scopes }) => matchesAnyName(scopes ?? [], name))),
    dialectsOfSpanName: remember((name) =>
      dialectsWith(({ spanNames }) => matchesAnyName(spanNames ?? [], name)),
    ),
    dialectsOfService: remember((name) =>
      dialectsWith(({ services }) => matchesAnyName(services ?? [], name)),
    ),
    claimRank: (dialect) => claimRanks.get(dialect) ?? dialects.length * 2,
    otherSources,
  };
  return { ...tables, planFor: createSpanPlanner(tables) };
}

interface RankedSources {
  /** By name of the attribute. */
  readonly exact: ReadonlyMap<string, readonly RankedSource[]>;
  readonly prefixed: readonly { readonly prefix: string; readonly ranked: RankedSource }[];
  readonly slots: ReadonlyMap<Field, number>;
  /** By slot: those of no attribute, best first. */
  readonly otherSources: readonly (readonly RankedSource[])[];
  readonly slotOf: (field: Field) => number;
}

/** Every source of every dialect, with its rank among those of its field. */
function rankSources(dialects: readonly Dialect[], fieldOrder: FieldOrder): RankedSources {
  const exact = new Map<string, RankedSource[]>();
  const prefixed: { prefix: string; ranked: RankedSource }[] = [];
  const slots = new Map<Field, number>();
  const otherSources: RankedSource[][] = [];
  const slotOf = (field: Field): number => {
    const known = slots.get(field);
    if (known !== undefined) return known;
    slots.set(field, slots.size);
    otherSources.push([]);
    return slots.size - 1;
  };
  const note = (ranked: RankedSource): void => {
    const { source } = ranked;
    if (source.from === 'attribute') {
      const list = exact.get(source.key);
      if (list) list.push(ranked);
      else exact.set(source.key, [ranked]);
    } else if (source.from === 'prefix') {
      prefixed.push({ prefix: source.prefix, ranked });
    } else {
      otherSources[ranked.slot]?.push(ranked);
    }
  };

  dialects.forEach((dialect, position) => {
    for (const [name, sources] of Object.entries(dialect.fields)) {
      const field = name as Field;
      const special = fieldOrder[field]?.indexOf(dialect.id) ?? -1;
      const dialectRank = special >= 0 ? special : dialects.length + position;
      (sources as readonly Source<unknown>[]).forEach((source, index) => {
        const lateness =
          2 * dialects.length * (Number(source.lastResort === true) - Number(source.firstChoice === true));
        const rank = (dialectRank + lateness) * 1000 + index;
        note({ field, dialect, source, rank, slot: slotOf(field) });
      });
    }
  });
  for (const sources of otherSources) sources.sort((a, b) => a.rank - b.rank);
  return { exact, prefixed, slots, otherSources, slotOf };
}

/** Whether a dialect reads the very attribute on every span, and not only on its own or among others. */
function isPlaced(sources: readonly RankedSource[]): boolean {
  return sources.some(({ source }) => source.onlyOwnSpans !== true && source.isMixed !== true);
}

function remember<T>(resolve: (name: string) => T): (name: string) => T {
  let known = new Map<string, T>();
  return (name) => {
    const hit = known.get(name);
    if (hit !== undefined || known.has(name)) return hit as T;
    if (known.size >= MAX_REMEMBERED_NAMES) known = new Map();
    const meaning = resolve(name);
    if (name.length <= MAX_NAME_CHARACTERS) known.set(name, meaning);
    return meaning;
  };
}

/** The registry of this package. */
export const registryIndex = madeOnce(() => indexRegistry(DIALECTS, FIELD_ORDER));
