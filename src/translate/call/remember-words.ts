/**
 * A function of a word that remembers its answers. What it buys: emitters have few words, and write them on every span.
 * Longer texts are no words and are read each time; where words are made up, the memory begins anew.
 */
export function rememberWords<T>(
  read: (word: string) => T | undefined,
  { maxLength, maxWords }: { readonly maxLength: number; readonly maxWords: number },
): (word: string) => T | undefined {
  const remembered = new Map<string, T | undefined>();
  return (word) => {
    if (word.length > maxLength) return read(word);
    const known = remembered.get(word);
    if (known !== undefined || remembered.has(word)) return known;
    const answer = read(word);
    if (remembered.size >= maxWords) remembered.clear();
    remembered.set(word, answer);
    return answer;
  };
}
