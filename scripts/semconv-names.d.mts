export function conventionNames(conventions: Readonly<Record<string, unknown>>): string[];
