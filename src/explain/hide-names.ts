import { hasStrictForm } from '../translate/privacy/reduced-values.ts';
import type { Origin, SpanExplanation } from './explanation.ts';

/** Longest part between two dots of a name that is shown as it is. */
const MAX_PART_CHARACTERS = 64;

/**
 * An explanation without names that may be prose: some applications have what was said as the key of an attribute or of
 * metadata. Of such a name the parts before it are shown.
 */
export function withPlainNames(explanation: SpanExplanation): SpanExplanation {
  const { kind, dialects, properties, privacy, trimmed, attributes } = explanation;
  return {
    ...explanation,
    dialects: dialects.map((dialect) => ({ ...dialect, because: dialect.because.map(plainReason) })),
    ...(kind ? { kind: { ...kind, from: kind.from.map(plainOrigin) } } : {}),
    properties: properties.map((one) => ({
      ...one,
      property: plainName(one.property),
      from: one.from.map(plainOrigin),
    })),
    privacy: privacy.map((note) => ({ ...note, property: plainName(note.property) })),
    trimmed: trimmed.map((trim) => ({ ...trim, property: plainName(trim.property) })),
    attributes: attributes.map((attribute) => ({ ...attribute, name: plainName(attribute.name) })),
  };
}

function plainOrigin(origin: Origin): Origin {
  return {
    ...origin,
    // Others are words of this package.
    name: origin.from === 'option' || origin.from === 'resource' ? plainName(origin.name) : origin.name,
    ...(origin.with ? { with: origin.with.map(plainName) } : {}),
  };
}

const ATTRIBUTE = 'attribute ';

function plainReason(reason: string): string {
  return reason.startsWith(ATTRIBUTE) ? ATTRIBUTE + plainName(reason.slice(ATTRIBUTE.length)) : reason;
}

/** `trace.metadata.(27 characters)` for a key of metadata that is a sentence. */
export function plainName(name: string): string {
  const parts = name.split('.');
  const first = parts.findIndex((part) => !isPlain(part));
  if (first < 0) return name;
  const hidden = parts.slice(first).join('.').length;
  return [...parts.slice(0, first), `(${hidden} characters)`].join('.');
}

function isPlain(part: string): boolean {
  return (
    part === '' || (part.length <= MAX_PART_CHARACTERS && hasStrictForm(part.replace(/^[$_]+/, '') || '0'))
  );
}
