import { madeOnce } from '../../json/memory/made-once.ts';
import type { EventProperties, PostHogEvent } from '../posthog-event.ts';
import { singleWord } from './reduced-values.ts';
import { walkTexts } from './walk-texts.ts';

/** Longest name of a span that is believed to be a name. */
const MAX_NAME_LENGTH = 200;

/** Nothing is named in more words, and no name ends as a sentence or a text that was cut off. */
const MAX_NAME_WORDS = 10;
const SENTENCE_END = /[?!…。！？]\s*$|\.{2,3}\s*$/;

/** A name that is repeated in the content says something about it only from this length on, and with several words. */
const MIN_QUOTE_LENGTH = 12;

/** So many words in a row that content has as well are no coincidence. */
const QUOTED_WORDS = 3;

/** The same for characters of scripts that put no spaces between words. */
const QUOTED_CHARACTERS = 4;
const MAX_NAME_CHARACTERS = 20;

/** Scripts without spaces between words, in which a whole sentence looks like one word. */
const SCRIPTS = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Tibetan'];
const UNSPACED = `[${SCRIPTS.map((script) => `\\p{Script=${script}}`).join('')}ー]`;
const unspacedRun = madeOnce(() => new RegExp(`${UNSPACED}{2,}`, 'gu'));

/** Inside a class. As texts, since V8 reads each set of Unicode when it reads a literal, used or not. */
const IN_WORD = '\\p{L}\\p{M}\\p{N}_';
const word = madeOnce(() => new RegExp(`[${IN_WORD}](?:[${IN_WORD}.@/:-]*[${IN_WORD}])?`, 'gu'));
const NO_WORD_BEFORE = `(?<![${IN_WORD}])`;

/** Between two words of a quote; what is further apart does not stand together. */
const GAP = `[^${IN_WORD}]{1,8}`;

/** Whether a text quotes the name, or the name the text. */
export type QuoteSearch = (text: string) => boolean;

/** JSON and the like, whole or cut off. */
const CODE = /["\\]|^\s*[[{]/;

/** Whether a name is a sentence, is code, has several lines or is longer than any name. */
export function isSentence(name: string): boolean {
  if (name.length > MAX_NAME_LENGTH || /[\r\n]/.test(name) || CODE.test(name)) return true;
  const unspaced = unspacedRuns(name).join('').length;
  if (unspaced > MAX_NAME_CHARACTERS) return true;
  const isOneWord = !/\s/.test(name) && unspaced === 0;
  return !isOneWord && (SENTENCE_END.test(name) || name.trim().split(/\s+/).length > MAX_NAME_WORDS);
}

/**
 * Whether a name is too short to repeat a message.
 * @param isCompared it was looked for in what was said, so that it may be a little longer
 */
export function isShortName(name: string, isCompared = false): boolean {
  const unspaced = unspacedRuns(name).join('').length;
  const maxWords = QUOTED_WORDS + (isCompared ? 1 : 0);
  const maxCharacters = QUOTED_CHARACTERS * (isCompared ? 2 : 1);
  return !isSentence(name) && wordsOf(name).length <= maxWords && unspaced <= maxCharacters;
}

/**
 * Looks for a name in content and for content in a name, whatever the case and the spaces. What counts are several words
 * in a row, or several characters of a script without spaces: some applications name a trace after the first message,
 * cut off or with something put before it.
 *
 * @param minWords names of fewer words are not looked for
 * @returns `undefined` for a name that says nothing: one word of a script with spaces
 */
export function searchForQuotes(name: string, minWords = 2): QuoteSearch | undefined {
  const folded = fold(name);
  const words = wordsOf(folded);
  const probes = [...phraseProbes(words, folded, minWords), ...characterProbes(unspacedRuns(folded))];
  const canHoldTexts = words.length >= Math.max(2, minWords) || unspacedRuns(folded).length > 0;
  if (probes.length === 0 && !canHoldTexts) return undefined;
  const nameInWords = ` ${words.join(' ')} `;
  return (text) => {
    const content = fold(text);
    if (canHoldTexts && text.length <= name.length * 2 && holdsText(nameInWords, folded, content))
      return true;
    return probes.some((probe) => probe(content));
  };
}

/** Whether a short text stands in the name as a whole. */
function holdsText(nameInWords: string, name: string, text: string): boolean {
  const words = wordsOf(text);
  if (words.length >= 2) return nameInWords.includes(` ${words.join(' ')} `);
  return unspacedRuns(text).some((run) => name.includes(run));
}

function phraseProbes(words: readonly string[], name: string, minWords: number): QuoteSearch[] {
  const phrases = words.flatMap((_, start) => {
    const phrase = words.slice(start, start + QUOTED_WORDS);
    return phrase.length === QUOTED_WORDS && phrase.join('').length >= MIN_QUOTE_LENGTH ? [phrase] : [];
  });
  const isQuote = words.length >= Math.max(2, minWords) && name.trim().length >= MIN_QUOTE_LENGTH;
  return (isQuote ? [words, ...phrases] : phrases).map(phraseProbe);
}

function phraseProbe(words: readonly string[]): QuoteSearch {
  const [longest = ''] = [...words].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(NO_WORD_BEFORE + words.map(literal).join(GAP), 'u');
  return (text) => text.includes(longest) && pattern.test(text);
}

function characterProbes(runs: readonly string[]): QuoteSearch[] {
  return runs.flatMap((run) => {
    const characters = [...run];
    const count = Math.max(1, characters.length - QUOTED_CHARACTERS + 1);
    return Array.from({ length: count }, (_, start) => {
      const part = characters.slice(start, start + QUOTED_CHARACTERS).join('');
      return (text: string) => text.includes(part);
    });
  });
}

/** The text in one case and one form of each character, with escapes of JSON read. */
function fold(text: string): string {
  let folded = text;
  if (folded.includes('\\u')) {
    folded = folded.replaceAll(/\\+u([0-9a-f]{4})/gi, (_, hex: string) =>
      String.fromCharCode(Number(`0x${hex}`)),
    );
  }
  if (folded.includes('\\')) folded = folded.replaceAll(/\\+[nrt]/g, ' ');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  return (/^[\x00-\x7f]*$/.test(folded) ? folded : folded.normalize('NFKC')).toLowerCase();
}

function wordsOf(text: string): string[] {
  return text.match(word()) ?? [];
}

function unspacedRuns(text: string): string[] {
  return text.match(unspacedRun()) ?? [];
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

/** Whether a name of an event is no text, a sentence, or says what the content of the event says. */
export function isMoreThanName(name: unknown, { properties }: PostHogEvent, minWords?: number): boolean {
  if (typeof name !== 'string' || isSentence(name)) return true;
  const search = searchForQuotes(name, minWords);
  return (
    search !== undefined &&
    isQuotedIn(
      CONTENT_TO_QUOTE.map((property) => properties[property]),
      search,
    )
  );
}

/** Whether any text of the values is a quote; a value that cannot be read is taken for one. */
export function isQuotedIn(values: readonly unknown[], search: QuoteSearch): boolean {
  let isFound = false;
  const look = (text: string) => {
    isFound ||= search(text);
    return text;
  };
  try {
    for (const value of values) if (!isFound && value !== undefined) walkTexts(value, 'free', { text: look });
    return isFound;
  } catch {
    return true;
  }
}

/** Stands in place of a name that was none. */
export function plainName({ event, properties }: PostHogEvent): unknown {
  return singleWord(properties.$ai_span_type) ?? event.replace('$ai_', '');
}

const CONTENT_TO_QUOTE = [
  '$ai_input',
  '$ai_output_choices',
  '$ai_input_state',
  '$ai_output_state',
  '$ai_error',
] as const satisfies readonly (keyof EventProperties)[];
