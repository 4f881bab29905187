import { rememberWords } from './remember-words.ts';

/** Providers' words for why a model stopped, folded to OpenAI's. By their letters alone: `max_tokens`, `maxTokens`, `MAX-TOKENS`. */
const FOLDED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    stop: 'stop',
    endturn: 'stop',
    stopsequence: 'stop',
    complete: 'stop',
    completed: 'stop',
    finish: 'stop',
    finished: 'stop',
    eos: 'stop',
    eostoken: 'stop',
    length: 'length',
    maxtokens: 'length',
    maxoutputtokens: 'length',
    modelcontextwindowexceeded: 'length',
    incomplete: 'length',
    toolcall: 'tool_calls',
    toolcalls: 'tool_calls',
    tooluse: 'tool_calls',
    functioncall: 'tool_calls',
    functioncalls: 'tool_calls',
    contentfilter: 'content_filter',
    contentfiltered: 'content_filter',
    guardrailintervened: 'content_filter',
    safety: 'content_filter',
    refusal: 'content_filter',
    error: 'error',
  }),
);

/** Words of emitters that do not know why. */
const NOT_KNOWN: ReadonlySet<string> = new Set([
  '',
  'unknown',
  'none',
  'null',
  'undefined',
  'unspecified',
  'notset',
]);

/** The class that an enum's member is written with: `FinishReason.STOP`, `<FinishReason.STOP: 'STOP'>`, `FINISH_REASON_STOP`. */
const ENUM_CLASS = /^<?(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*\.(?=[A-Za-z])|^finish_?reason[_.](?=[a-z])/i;
const ENUM_VALUE = /: ?['"]?[\w-]*['"]?>$/;

/** Of what is remembered: providers have few words. */
const FINISH_REASONS = { maxLength: 64, maxWords: 128 };

/**
 * The word alone: without an enum's class, the brackets of a bare list (`[stop]`) and quotes.
 * @returns `undefined` for words that mean "not known"
 */
export const finishWord = rememberWords((reason) => {
  const bare = reason
    .trim()
    .replace(/^\[\s*|\s*\]$/g, '')
    .replace(/^(["'])(.*)\1$/, '$2');
  const word = bare.replace(ENUM_VALUE, '').replace(ENUM_CLASS, '');
  return NOT_KNOWN.has(lettersOf(word)) ? undefined : word;
}, FINISH_REASONS);

/** The finish reason in OpenAI's words; other words pass through, those that mean "not known" do not. */
export const foldFinishReason = rememberWords((reason) => {
  const word = finishWord(reason);
  return word === undefined ? undefined : (FOLDED.get(lettersOf(word)) ?? word);
}, FINISH_REASONS);

function lettersOf(word: string): string {
  return word.toLowerCase().replace(/[^a-z\d]/g, '');
}
