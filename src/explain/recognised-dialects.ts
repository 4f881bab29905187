import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import type { Dialect } from '../translate/dialects/dialect.ts';
import type { RegistryIndex } from '../translate/reading/registry-index.ts';
import type { SpanView } from '../translate/span/span-view.ts';
import type { RecognisedDialect } from './explanation.ts';

/** Attributes named as the reason; a span may have dozens that say the same. */
const MAX_NAMED_ATTRIBUTES = 3;

/** The dialects of a span in the order in which they claim it, with what gave each away. */
export function recognisedDialects(span: SpanView, index: RegistryIndex): RecognisedDialect[] {
  const reasons = new Map<Dialect, string[]>();
  const add = (dialects: readonly Dialect[], reason: string) => {
    for (const dialect of dialects) {
      const known = reasons.get(dialect);
      if (known) known.push(reason);
      else reasons.set(dialect, [reason]);
    }
  };
  add(index.dialectsOfScope(span.scope.name), `scope ${span.scope.name}`);
  // A span's name may quote the prompt.
  add(index.dialectsOfSpanName(span.name), 'name of the span');
  const service = span.resource[ATTR_SERVICE_NAME];
  if (typeof service === 'string') add(index.dialectsOfService(service), `service ${service}`);
  for (const [name, value] of Object.entries(span.attributes)) {
    if (value !== undefined) add(index.meaningOf(name)?.reveals ?? [], `attribute ${name}`);
  }
  // The one that reads a span which no other recognises.
  for (const dialect of index.planFor(span).dialects) {
    if (!reasons.has(dialect))
      add([dialect], 'the words of its attribute names; no other dialect recognises it');
  }
  return [...reasons]
    .sort(([a], [b]) => index.claimRank(a) - index.claimRank(b))
    .map(([{ id, title }, because]) => ({ id, title, because: shorten(because) }));
}

function shorten(reasons: readonly string[]): string[] {
  const attributes = reasons.filter((reason) => reason.startsWith('attribute '));
  const rest = attributes.length - MAX_NAMED_ATTRIBUTES;
  return [
    ...reasons.filter((reason) => !reason.startsWith('attribute ')),
    ...attributes.slice(0, MAX_NAMED_ATTRIBUTES),
    ...(rest > 0 ? [`${rest} more attributes`] : []),
  ];
}
