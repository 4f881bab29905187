import type { Message } from '../call/messages.ts';
import { isKnownProvider } from '../call/provider.ts';
import { readFlattened } from '../messages/read-flattened.ts';
import { isRecord } from '../messages/recorded-json.ts';
import { readToolCall } from '../messages/tool-parts.ts';
import type { NamedSource, ReadContext } from './dialect.ts';
import type { Field } from './fields.ts';
import { NAME_RULES, type NamedReading, OTHER_NAMESPACES } from './generic-names.ts';
import { readAnswerFacts } from './shared/answer-facts.ts';
import { toTexts } from './shared/embeddings.ts';
import { flattenedTools, readAsRecorded, systemText, toolList } from './shared/message-sources.ts';
import { kindOfOperation } from './shared/operation-kind.ts';
import { attribute, own, parameter, prefixed, structured } from './shared/sources.ts';
import { readUsageObject, type TokenField, tokenFieldOf } from './shared/usage-object.ts';
import {
  firstFinishReason,
  toBoolean,
  toContent,
  toCount,
  toHttpStatus,
  toModelName,
  toText,
} from './shared/values.ts';
import { wordsOf } from './shared/words.ts';

type AttributeReader = (key: string, words: readonly string[], field: Field) => NamedSource['source'];

const READINGS: Readonly<Record<NamedReading, AttributeReader>> = {
  model: (key) => attribute(key, (value) => (isWord(value) ? toModelName(value) : undefined)),
  word: (key) => attribute(key, (value) => (isWord(value) ? toText(value) : undefined)),
  text: (key) => attribute(key, toText),
  count: (key) => attribute(key, toCount),
  flag: (key) => attribute(key, toBoolean),
  status: (key) => attribute(key, toHttpStatus),
  kind: (key) => attribute(key, (value) => kindOfWord(value)),
  'finish-reason': (key) => attribute(key, firstFinishReason),
  provider: (key) => attribute(key, (value) => (isKnownProvider(value) ? toText(value) : undefined)),
  dollars: (key) => attribute(key, toCount),
  messages: (key, _words, field) => attribute(key, field === 'outputMessages' ? readAnswer : readPrompt),
  calls: (key) => structured(key, toCalls),
  system: (key) => systemText(key),
  tools: (key) => toolList(key),
  state: (key) => structured(key, toContent),
  texts: (key) => structured(key, toTexts),
  parameter: (key, words) => parameter(key, parameterName(words)),
  usage: (key) => attribute(key, (value) => readUsageObject(value).totalTokens),
  'first-token': (key, words) => attribute(key, (value, context) => firstTokenSeconds(value, words, context)),
};

/** Counts, prices and flags end in the same words as what was said. */
function readSaid(value: unknown, role: string, context: ReadContext): readonly Message[] | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return undefined;
  const read = readAsRecorded(value, role, context);
  return read?.every(({ parts }) => parts.length === 0) ? undefined : read;
}

function readPrompt(value: unknown, context: ReadContext): readonly Message[] | undefined {
  return readSaid(value, 'user', context);
}

/** The tools that the model called, in any spelling. */
function toCalls(value: unknown): readonly Message[] | undefined {
  const parts = [value].flat().flatMap((call) => (isRecord(call) ? (readToolCall(call) ?? []) : []));
  return parts.length > 0 ? [{ role: 'assistant', parts }] : undefined;
}

/** Turns of which none is the model's are what it was asked, whatever their name says. */
function readAnswer(value: unknown, context: ReadContext): readonly Message[] | undefined {
  const read = readSaid(value, 'assistant', context);
  return read && isAsked(read) ? undefined : read;
}

function readAsked(value: unknown, context: ReadContext): readonly Message[] | undefined {
  const read = readSaid(value, 'assistant', context);
  return read && isAsked(read) ? read : undefined;
}

function isAsked(messages: readonly Message[]): boolean {
  return (
    messages.some(({ role }) => role === 'user') &&
    messages.every(({ role }) => role === 'user' || role === 'system')
  );
}

export interface Ending {
  readonly field: Field;
  readonly reading: NamedReading;
  readonly rank: number;
  readonly isWeak: boolean;
  readonly onlyOwnSpans: boolean;
  readonly onlyUnclaimed: boolean;
}

const ENDINGS: ReadonlyMap<string, readonly Ending[]> = endingsOf();

function endingsOf(): Map<string, Ending[]> {
  const byEnding = new Map<string, Ending[]>();
  let rank = 0;
  for (const rule of NAME_RULES) {
    const { endings, field, reading, isWeak = false, onlyOwnSpans = false, onlyUnclaimed = false } = rule;
    for (const text of endings.split(',')) {
      const ending = text.trim().replace(/\s+/g, ' ');
      const list = byEnding.get(ending) ?? [];
      list.push({ field, reading, rank: rank++, isWeak, onlyOwnSpans, onlyUnclaimed });
      byEnding.set(ending, list);
    }
  }
  return byEnding;
}

/** Words of the longest ending. */
const MAX_WORDS = 6;
/** Longer names are made up as the application runs. */
const MAX_NAME_LENGTH = 160;

const NONE: readonly never[] = [];

/** The places that one attribute is by the words of its name, best first; none for most names. */
export function sourcesByName(name: string): readonly NamedSource[] {
  if (name.length > MAX_NAME_LENGTH || OTHER_NAMESPACES.has(name.slice(0, Math.max(0, name.indexOf('.')))))
    return NONE;
  const numbered = /^(.*?\.)\d{1,9}(?:\.|$)/.exec(name);
  if (numbered?.[1] !== undefined) return flattenedSources(numbered[1]);
  const words = wordsOf(name);
  const tokens = tokenFieldOf(words);
  if (tokens !== undefined) return [{ field: tokens, source: attribute(name, toCount), rank: 0 }];
  return endingOf(words).flatMap(({ field, reading, rank, onlyOwnSpans, onlyUnclaimed }) => [
    { field, source: ownIf(onlyOwnSpans, READINGS[reading](name, words, field)), rank, onlyUnclaimed },
    ...(reading === 'usage' ? usageSources(name) : NONE),
    ...(field === 'outputMessages' ? [...answerSources(name, rank), askedSource(name, rank)] : NONE),
  ]);
}

function ownIf(isOwn: boolean, source: NamedSource['source']): NamedSource['source'] {
  return isOwn ? own(source) : source;
}

/** What the last words of a name mean. */
export function endingOf(words: readonly string[]): readonly Ending[] {
  for (let length = Math.min(MAX_WORDS, words.length); length > 0; length--) {
    const found = ENDINGS.get(words.slice(-length).join(' '));
    if (found !== undefined) return found;
  }
  return NONE;
}

/** A name that ends in a number or goes on after one: a list spelled out over many attributes. */
function flattenedSources(prefix: string): readonly NamedSource[] {
  const known = flattenedByPrefix.get(prefix);
  if (known !== undefined) return known;
  const sources = endingOf(wordsOf(prefix)).flatMap(({ field, reading, rank }): NamedSource[] => {
    if (reading === 'messages') {
      const role = field === 'outputMessages' ? 'assistant' : 'user';
      return [{ field, rank, source: prefixed(prefix, (entries) => readFlattened(entries, 'any', role)) }];
    }
    return reading === 'tools' ? [{ field, rank, source: flattenedTools(prefix) }] : [];
  });
  if (flattenedByPrefix.size >= MAX_REMEMBERED_PREFIXES) flattenedByPrefix.clear();
  flattenedByPrefix.set(prefix, sources);
  return sources;
}

/** All attributes of one list share their source, which reads them together. */
const flattenedByPrefix = new Map<string, readonly NamedSource[]>();
const MAX_REMEMBERED_PREFIXES = 512;

const TOKEN_FIELDS: readonly TokenField[] = [
  'inputTokens',
  'outputTokens',
  'uncachedInputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'reasoningTokens',
];

function usageSources(name: string): readonly NamedSource[] {
  return TOKEN_FIELDS.map((field) => ({
    field,
    rank: 1,
    source: structured(name, (value) => readUsageObject(value)[field]),
  }));
}

/** A whole answer of an API also says what it cost, who gave it and why it ended. */
function answerSources(name: string, rank: number): readonly NamedSource[] {
  const facts = [
    ['responseModel', 'model'],
    ['responseId', 'id'],
    ['finishReason', 'finishReason'],
    ['inputTokens', 'inputTokens'],
    ['outputTokens', 'outputTokens'],
    ['cacheReadTokens', 'cacheReadTokens'],
    ['cacheWriteTokens', 'cacheWriteTokens'],
    ['reasoningTokens', 'reasoningTokens'],
  ] as const;
  return facts.map(([field, fact]) => ({
    field,
    rank: AFTER_NAMES + rank,
    source: structured(name, (value) => (isRecord(value) ? readAnswerFacts(value)[fact] : undefined)),
  }));
}

function askedSource(name: string, rank: number): NamedSource {
  return { field: 'inputMessages', rank: AFTER_NAMES + rank, source: attribute(name, readAsked) };
}

/** What stands inside an answer is believed after what has a name of its own. */
const AFTER_NAMES = 500;

/** A model, an id, a name: one line of moderate length that is no JSON. */
function isWord(value: unknown): boolean {
  if (typeof value === 'number') return false;
  return typeof value === 'string' && value.length <= 200 && !/^\s*[[{]|[\r\n]/.test(value);
}

const KINDS = {
  llm: 'generation',
  chat_model: 'generation',
  generation: 'generation',
  model: 'generation',
} as const;

function kindOfWord(value: unknown) {
  if (typeof value !== 'string') return undefined;
  const word = wordsOf(value).join('_');
  return Object.hasOwn(KINDS, word) ? KINDS[word as keyof typeof KINDS] : kindOfOperation(value);
}

function parameterName(words: readonly string[]): string {
  for (let length = 3; length > 0; length--) {
    const ending = words.slice(-length).join(' ');
    if (ENDINGS.get(ending)?.some(({ reading }) => reading === 'parameter'))
      return ending.replaceAll(' ', '_');
  }
  return words.join('_');
}

/** Model calls answer after this long at the earliest, so that a smaller number is no milliseconds. */
const SHORTEST_WAIT_MS = 5;

/** By the unit in the name; without one, only where one of the two units can be meant. */
function firstTokenSeconds(
  value: unknown,
  words: readonly string[],
  { span }: ReadContext,
): number | undefined {
  const time = toCount(value);
  const unit = words.at(-1);
  if (time === undefined) return undefined;
  if (unit === 'ms') return time / 1000;
  if (unit === 's' || unit === 'seconds') return time;
  if (span.startTimeMs === undefined || span.endTimeMs === undefined) return undefined;
  const lengthMs = span.endTimeMs - span.startTimeMs;
  if (time * 1000 <= lengthMs && time < SHORTEST_WAIT_MS) return time;
  return time * 1000 > lengthMs && time >= SHORTEST_WAIT_MS && time <= lengthMs ? time / 1000 : undefined;
}
