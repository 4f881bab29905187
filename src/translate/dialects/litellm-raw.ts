import { objectOf } from '../../json/object-of.ts';
import { isEmbeddingModel } from '../call/embedding-model.ts';
import type { CallKind } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import { isPlaceholder, isRecord, parseJson } from '../messages/recorded-json.ts';
import type { AttributeMap, SpanView } from '../span/span-view.ts';
import type { PrefixSource, Source } from './dialect.ts';
import { type AnswerFacts, readAnswerFacts } from './shared/answer-facts.ts';
import { mixed, own, prefixed, structured } from './shared/sources.ts';
import { toPositiveCount } from './shared/values.ts';

/** Request and answer of a provider in its own words, in one object: `messages` beside `choices`, `input` beside `output`. */
export type RawCall = Readonly<Record<string, unknown>>;

/** `llm.<provider>.<field>`; the provider is `None` where LiteLLM did not know it. */
const RAW_FIELD = /^llm\.([\w-]+)\.([\w-]+)$/;

/** Any of these fields makes a span the record of a raw request. */
const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  'messages',
  'input',
  'prompt',
  'contents',
  'query',
  'data',
]);

/** An answer of any provider has one of these. */
const ANSWER_FIELDS: ReadonlySet<string> = new Set([
  'choices',
  'content',
  'output',
  'candidates',
  'completion',
  'data',
  'results',
]);

/** Spans are read once for each of their facts. */
const known = new WeakMap<AttributeMap, RawCall | null>();

/**
 * The raw request of LiteLLM, which it writes member by member, as Python spells values. It is known by its attributes,
 * since the application can name the span.
 * @returns `undefined` for spans that hold none
 */
export function rawCallOf({ attributes }: Pick<SpanView, 'attributes'>): RawCall | undefined {
  let raw = known.get(attributes);
  if (raw === undefined) {
    raw = readRawCall(attributes) ?? null;
    known.set(attributes, raw);
  }
  return raw ?? undefined;
}

function readRawCall(attributes: AttributeMap): RawCall | undefined {
  // The request's own span has the names of a convention, whatever else stands there.
  if (attributes['gen_ai.operation.name'] !== undefined || attributes['llm.request.type'] !== undefined) {
    return undefined;
  }
  const fields: Record<string, unknown> = {};
  let isRequest = false;
  let isAnswer = false;
  for (const name in attributes) {
    const field = name.startsWith('llm.') ? RAW_FIELD.exec(name)?.[2] : undefined;
    if (field === undefined) continue;
    const value = parseJson(attributes[name]);
    if (value === undefined || value === 'None') continue;
    fields[field] = value;
    isRequest ||= REQUEST_FIELDS.has(field);
    isAnswer ||= ANSWER_FIELDS.has(field);
  }
  // Of the Responses API only the answer may be there.
  return isRequest || (isAnswer && fields.usage !== undefined) ? fields : undefined;
}

/**
 * Of a stream there is no answer, of the Responses API no question: the request's own span has both, where that is
 * recorded.
 */
export function isHalfOfCall(raw: RawCall): boolean {
  return !hasAnswer(raw) || askedIn(raw) === undefined;
}

function hasAnswer(raw: RawCall): boolean {
  return Object.keys(raw).some((field) => ANSWER_FIELDS.has(field));
}

function askedIn({ messages, input, prompt, contents }: RawCall): unknown {
  return messages ?? input ?? prompt ?? contents;
}

export function kindOfRawCall(raw: RawCall): CallKind | undefined {
  if (!hasAnswer(raw) && (askedIn(raw) === undefined || raw.model === undefined)) return undefined;
  if (raw.documents !== undefined && raw.query !== undefined) return 'reranker';
  return isEmbeddingModel(String(raw.model ?? '')) ? 'embedding' : 'generation';
}

export function rawInput(raw: RawCall): readonly Message[] | undefined {
  const { messages, input, prompt, contents, system, instructions, system_instruction, model } = raw;
  const asked = defined({ messages, input, prompt, contents });
  const systemMembers = defined({ system, instructions, system_instruction });
  if (Object.keys(asked).length > 0) return readMessages({ ...asked, ...systemMembers, model }, 'user');
  return readMessages(Object.values(systemMembers)[0], 'system');
}

export function rawOutput(raw: RawCall): readonly Message[] | undefined {
  const { choices, content, output, candidates, completion, role, type, object, stop_reason } = raw;
  return readMessages(
    defined({ choices, content, output, candidates, completion, role, type, object, stop_reason }),
    'assistant',
  );
}

export function rawFacts(raw: RawCall): AnswerFacts {
  return readAnswerFacts(raw);
}

function defined(source: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined));
}

/** A fact of the raw request. */
export function ofRaw<T>(read: (raw: RawCall) => T | undefined): PrefixSource<T> {
  const source = prefixed('llm.', (_entries, { span }) => {
    const raw = rawCallOf(span);
    return raw && read(raw);
  });
  return own(mixed(source));
}

type DetailOfUsage = Extract<keyof AnswerFacts, `cache${string}` | 'reasoningTokens'>;

/** Of the raw answer, or of the usage that is noted beside the request; a 0 there says no more than nothing does. */
export function rawDetail(fact: DetailOfUsage): Source<number>[] {
  return [
    ofRaw((raw) => toPositiveCount(rawFacts(raw)[fact])),
    own(structured('metadata.usage_object', (usage) => toPositiveCount(readAnswerFacts({ usage })[fact]))),
  ];
}

export function rawParameters(raw: RawCall): Readonly<Record<string, unknown>> | undefined {
  const given = RAW_PARAMETERS.filter((name) => !isPlaceholder(raw[name]));
  return objectOf(given.map((name) => [name, raw[name]]));
}

const RAW_PARAMETERS = [
  'temperature',
  'top_p',
  'top_k',
  'max_tokens',
  'n',
  'seed',
  'stop',
  'dimensions',
] as const;

/** Anthropic counts cached tokens apart; elsewhere LiteLLM has added them. */
export function countsAsAnthropic(span: SpanView): boolean {
  const usage = rawCallOf(span)?.usage;
  return isRecord(usage) && usage.input_tokens !== undefined && usage.cache_read_input_tokens !== undefined;
}
