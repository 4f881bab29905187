import type { Field } from '../translate/dialects/fields.ts';
import type { ReadObserver, SourcePlace } from '../translate/reading/field-reader.ts';
import type { SpanView } from '../translate/span/span-view.ts';

/** One place that was considered for one fact. */
export interface Consideration {
  readonly field: Field;
  readonly place: SourcePlace;
  readonly outcome: 'used' | 'unusable' | 'shadowed';
  /** Further attributes that the reader of this place looked at. */
  readonly lookedAt: readonly string[];
}

/** Listens while a span is read. */
export interface ReadLog {
  /** The span to read in place of the given: the same, but it notices who looks at its attributes. */
  readonly span: SpanView;
  readonly observer: ReadObserver;
  readonly considerations: readonly Consideration[];
}

export function createReadLog(span: SpanView): ReadLog {
  const considerations: Consideration[] = [];
  const looked = new Set<string>();
  const attributes = new Proxy(span.attributes, {
    get(target, key) {
      if (typeof key === 'string' && Object.hasOwn(target, key)) looked.add(key);
      return Reflect.get(target, key);
    },
  });
  return {
    span: { ...span, attributes },
    considerations,
    observer: {
      beforeSource: () => looked.clear(),
      onSource(field, place, outcome) {
        const lookedAt = outcome === 'shadowed' ? [] : [...looked].filter((name) => !isAt(place, name));
        considerations.push({ field, place, outcome, lookedAt });
      },
    },
  };
}

/** Whether an attribute is the place, or one of those that a prefix collects. */
export function isAt({ from, name }: SourcePlace, attribute: string): boolean {
  if (from === 'attribute') return name === attribute;
  return from === 'prefix' && attribute.startsWith(name.slice(0, -1)) && attribute.length >= name.length;
}
