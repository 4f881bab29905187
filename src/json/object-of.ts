/** An object of the entries, as own members, so that a name such as `__proto__` stays harmless; `undefined` of none. */
export function objectOf<T>(
  entries: readonly (readonly [name: string, value: T])[],
): Readonly<Record<string, T>> | undefined {
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** An object with what `read` gives for each member, without those for which it gives nothing; `undefined` without any. */
export function readMembers<T>(
  object: Readonly<Record<string, unknown>>,
  read: (value: unknown, name: string) => T | undefined,
): Readonly<Record<string, T>> | undefined {
  return objectOf(
    Object.entries(object).flatMap(([name, value]) => {
      const made = read(value, name);
      return made === undefined ? [] : [[name, made] as const];
    }),
  );
}
