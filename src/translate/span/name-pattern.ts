/** Whether a name is meant by a pattern: the name itself, or, when it ends with `*`, the beginning of names. */
export function matchesName(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Whether any of the patterns means the name. */
export function matchesAnyName(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesName(pattern, name));
}
