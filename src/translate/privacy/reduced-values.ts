/** Longest name of a tool or a span that is believed to be a name. */
const MAX_NAME_LENGTH = 200;

/** Longest class or code of an error, package and all. */
const SINGLE_WORD = /^[\w.$:/`+<>,@[\]()#-]{1,120}$/;

/** Nothing is named in more words, and no name ends as a sentence or a text that was cut off. */
const MAX_NAME_WORDS = 10;
const SENTENCE_END = /[?!…]\s*$|\.{2,3}\s*$/;

/** A name that is repeated in the content says something about it only from this length, and with several words. */
const MIN_QUOTE_LENGTH = 12;

/** A value when it is a single word, a number or a boolean; classes and codes of errors are. */
export function singleWord(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' && SINGLE_WORD.test(value) ? value : undefined;
}

/** A value when it is no prose; ids and names of models have no spaces. */
export function withoutSpaces(value: unknown): unknown {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\S{1,300}$/.test(value) ? value : undefined;
}

/** Tools by type and name, without descriptions and schemas; `undefined` when no names are found. */
export function toolNamesOnly(tools: unknown): unknown {
  if (!Array.isArray(tools)) return undefined;
  const named = tools.flatMap((tool: unknown): object[] => {
    if (!isRecord(tool)) return [];
    const type = singleWord(tool.type) ?? 'function';
    const name = isRecord(tool.function) ? tool.function.name : tool.name;
    if (!isName(name)) return [];
    return [type === 'function' ? { type, function: { name } } : { type, name }];
  });
  return named.length > 0 ? named : undefined;
}

/**
 * Whether a name is more than a name: a sentence, several lines, longer than any name, or words that stand in the
 * content (some applications call a trace after the first message, cut off with dots).
 *
 * @param hasText whether the content of the event has this text in it
 */
export function quotesContent(name: unknown, hasText: (quote: string) => boolean): boolean {
  if (typeof name !== 'string') return true;
  if (name.length > MAX_NAME_LENGTH || /[\r\n]/.test(name)) return true;
  if (/\s/.test(name) && isSentence(name)) return true;
  const quote = name
    .trim()
    .replace(/(?:…|\.{2,3})$/, '')
    .trim();
  return quote.length >= MIN_QUOTE_LENGTH && /\s/.test(quote) && hasText(quote);
}

function isSentence(name: string): boolean {
  return SENTENCE_END.test(name) || name.trim().split(/\s+/).length > MAX_NAME_WORDS;
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= MAX_NAME_LENGTH && !/[\r\n]/.test(name);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
