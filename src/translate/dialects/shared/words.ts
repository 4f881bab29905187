/** A name as its words in lower case: `gen_ai.usage.promptTokens` is `gen`, `ai`, `usage`, `prompt`, `tokens`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

/** The words of a name joined by `_`, so that spellings of one name are equal. */
export function foldWords(name: string): string {
  return wordsOf(name).join('_');
}
