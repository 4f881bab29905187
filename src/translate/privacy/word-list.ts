/** The words of a text: long lists of names read better as paragraphs. */
export function wordList(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
