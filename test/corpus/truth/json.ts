/** Reads JSON of unknown shape without ceremony: a missing member is `undefined` all the way down. */
export interface Json {
  readonly value: unknown;
  at(...path: readonly (string | number)[]): Json;
  readonly text: string | undefined;
  readonly number: number | undefined;
  readonly items: readonly Json[];
}

export function json(value: unknown): Json {
  return {
    value,
    at: (...path) => json(path.reduce(memberOf, value)),
    text: typeof value === 'string' ? value : undefined,
    number: typeof value === 'number' ? value : undefined,
    items: Array.isArray(value) ? value.map(json) : [],
  };
}

function memberOf(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** JSON with sorted keys, so that equal values have equal texts. */
export function canonical(value: unknown): string {
  const text: string | undefined = JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
  return text ?? '';
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
