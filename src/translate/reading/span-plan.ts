import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import type { Dialect } from '../dialects/dialect.ts';
import type { Field } from '../dialects/fields.ts';
import type { SpanView } from '../span/span-view.ts';
import type { KeyMeaning, RankedSource, RegistryTables } from './registry-tables.ts';

/** What the names of a span's attributes, its scope, its own name and its service say, whatever the values. */
export interface SpanPlan {
  /** Dialects that recognise the span: specific ones in order of precedence, then generic ones. */
  readonly dialects: readonly Dialect[];
  /** By slot of the fact, the sources that the span may have, best first. */
  readonly sources: readonly (readonly RankedSource[] | undefined)[];
  /** The span's attributes with a value below the prefix of one of these sources. Each of their names led to the plan. */
  namesBelow(prefix: string, span: SpanView): readonly NameBelow[];
}

/** An attribute below a prefix. */
export interface NameBelow {
  readonly key: string;
  readonly suffix: string;
}

/**
 * Steps and names remembered. An application has some dozen makes of spans with some dozen attributes each; where names
 * are made up as it runs, the memory begins anew.
 */
const MAX_REMEMBERED = 32_768;

/** A sequence of attribute names. Names that mean nothing lead from a step to itself. */
interface Step {
  /** Of the latest name; those before it are found by way of `before`: a list at each step would take n² memory. */
  readonly meaning: KeyMeaning | undefined;
  readonly before: Step | undefined;
  readonly next: Map<string, Step>;
  /** Of an attribute whose value is `null`, which reveals a dialect but supplies nothing. */
  readonly nextIfNull: Map<string, Step>;
  readonly plans: RememberedPlan[];
}

/** Of these three lists there is one for each name, so that they can be compared as objects. */
interface Revealed {
  readonly byScope: readonly Dialect[];
  readonly bySpanName: readonly Dialect[];
  readonly byService: readonly Dialect[];
}

interface RememberedPlan extends Revealed {
  readonly plan: SpanPlan;
}

const NONE: readonly never[] = [];
const NOTHING: SpanPlan = { dialects: NONE, sources: NONE, namesBelow: () => NONE };

/**
 * Finds the plan of a span.
 *
 * What it buys: an instrumentation sets the same attributes in the same order on every span. Their names lead, with one
 * look into a map each, to all that follows from names alone: who recognises the span, and which sources there are for
 * which fact. That is worked out once for each make of span, not once for each span.
 */
export function createSpanPlanner(tables: RegistryTables): (span: SpanView) => SpanPlan {
  let root = firstStep();
  let remembered = 0;

  const remember = (count: number): void => {
    remembered += count;
  };
  const stepAfter = (from: Step, name: string, isNull: boolean): Step => {
    remembered += 1;
    const meaning = tables.meaningOf(name);
    const step = meaning === undefined ? from : nextStep(from, meaning, isNull);
    (isNull ? from.nextIfNull : from.next).set(name, step);
    return step;
  };

  /** Where the names of a span's attributes lead; of those with a value. */
  const lastStep = (span: SpanView): Step => {
    let step = root;
    if (span.attributeNames) {
      for (const name of span.attributeNames) step = step.next.get(name) ?? stepAfter(step, name, false);
      return step;
    }
    const { attributes } = span;
    for (const name in attributes) {
      const value = attributes[name];
      if (value === undefined) continue;
      const isNull = value === null;
      step = (isNull ? step.nextIfNull : step.next).get(name) ?? stepAfter(step, name, isNull);
    }
    return step;
  };

  return (span) => {
    const { scope, name: spanName, resource } = span;
    if (remembered > MAX_REMEMBERED) {
      root = firstStep();
      remembered = 0;
    }
    const step = lastStep(span);
    const service = resource[ATTR_SERVICE_NAME];
    const byScope = tables.dialectsOfScope(scope.name);
    const bySpanName = tables.dialectsOfSpanName(spanName);
    const byService = typeof service === 'string' ? tables.dialectsOfService(service) : NONE;
    for (const known of step.plans) {
      if (known.byScope === byScope && known.bySpanName === bySpanName && known.byService === byService) {
        return known.plan;
      }
    }
    const plan = makePlan(tables, meaningsUpTo(step), { byScope, bySpanName, byService }, remember);
    step.plans.push({ byScope, bySpanName, byService, plan });
    remembered += 1;
    return plan;
  };
}

function firstStep(): Step {
  return { meaning: undefined, before: undefined, next: new Map(), nextIfNull: new Map(), plans: [] };
}

function nextStep(from: Step, meaning: KeyMeaning, isNull: boolean): Step {
  const known = isNull ? { ...meaning, sources: NONE, prefixSources: NONE, byWords: NONE } : meaning;
  return { ...firstStep(), meaning: known, before: from };
}

/** Each of them once: flattened names of one prefix mean the same. */
function meaningsUpTo(last: Step): KeyMeaning[] {
  const meanings = new Set<KeyMeaning>();
  for (let step: Step | undefined = last; step; step = step.before) {
    if (step.meaning) meanings.add(step.meaning);
  }
  return [...meanings].reverse();
}

function makePlan(
  tables: RegistryTables,
  meanings: readonly KeyMeaning[],
  revealed: Revealed,
  onRemembered: (count: number) => void,
): SpanPlan {
  const present = new Set([
    ...meanings.flatMap(({ reveals }) => reveals),
    ...revealed.byScope,
    ...revealed.bySpanName,
    ...revealed.byService,
  ]);
  if (present.size === 0) {
    const own = ownerByNames(tables, meanings);
    if (own === undefined) return NOTHING;
    present.add(own);
  }
  const isUsable = ({ source, dialect }: RankedSource) => !source.onlyOwnSpans || present.has(dialect);
  // A prefix source is met once for each of its attributes.
  const listed = new Set([
    ...meanings.flatMap(({ sources }) => sources),
    ...meanings.flatMap(({ prefixSources }) => prefixSources),
  ]);
  const placed = new Set([...listed].filter(isUsable).map(({ slot }) => slot));
  // Of a fact whose place a dialect knows on this span, no other place is looked for by its name.
  const byWords = meanings.flatMap((meaning) => meaning.byWords).filter(({ slot }) => !placed.has(slot));
  const met = new Set([...listed, ...byWords, ...tables.otherSources.flat()]);
  const bySlot: (RankedSource[] | undefined)[] = new Array(tables.slots.size).fill(undefined);
  for (const ranked of [...met].sort((a, b) => a.rank - b.rank)) {
    if (!isUsable(ranked)) continue;
    const list = bySlot[ranked.slot];
    if (list) list.push(ranked);
    else bySlot[ranked.slot] = [ranked];
  }
  return {
    dialects: [...present].sort((a, b) => tables.claimRank(a) - tables.claimRank(b)),
    sources: bySlot,
    namesBelow: rememberNames(onRemembered),
  };
}

/** What it buys: flattened messages are dozens of attributes, which several sources ask for, on every span. */
function rememberNames(onRemembered: (count: number) => void): SpanPlan['namesBelow'] {
  const remembered = new Map<string, readonly NameBelow[]>();
  return (prefix, { attributes }) => {
    const known = remembered.get(prefix);
    if (known !== undefined) return known;
    const names: NameBelow[] = [];
    for (const key in attributes) {
      if (key.length <= prefix.length || !key.startsWith(prefix)) continue;
      const value = attributes[key];
      if (value !== undefined && value !== null) names.push({ key, suffix: key.slice(prefix.length) });
    }
    remembered.set(prefix, names);
    onRemembered(names.length);
    return names;
  };
}

/** Who reads a span that no dialect recognises, when the names of its attributes look like AI. */
function ownerByNames({ dialects }: RegistryTables, meanings: readonly KeyMeaning[]): Dialect | undefined {
  const fields = new Set<Field>();
  for (const { sources, prefixSources, byWords } of meanings) {
    for (const { field, source } of [...sources, ...prefixSources]) {
      if (!source.onlyOwnSpans) fields.add(field);
    }
    for (const { field } of byWords) fields.add(field);
  }
  return dialects.find(({ looksLikeOwn }) => looksLikeOwn?.(fields) === true);
}
