/**
 * Characters that do something to a terminal or to the order of what is read, instead of being read: control characters
 * (with escape sequences), and marks that turn the direction of text (Unicode's Bidi_Control), or separate lines.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Names and values from outside as they can be shown: each such character as `\u001b`. For one line. */
export function printableLine(text: string): string {
  return text.replaceAll(UNPRINTABLE, escaped);
}

/** The same of several lines: line ends and tabs stay. In JSON the escapes mean the same characters. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
