import { isEmbeddingModel } from '../call/embedding-model.ts';
import type { CallKind } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { readEventList } from '../messages/read-event-messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import { at, isRecord } from '../messages/recorded-json.ts';
import type { Dialect, KindContext, KindCorrection, ReadContext } from './dialect.ts';
import { readAnswerFacts } from './shared/answer-facts.ts';
import { toTexts } from './shared/embeddings.ts';
import { messages } from './shared/message-sources.ts';
import { hasSignOfAi } from './shared/signs-of-ai.ts';
import { attribute, inside, ofSpan, own, requestParameters, structured } from './shared/sources.ts';
import { toBoolean, toModelName, toNumber, toText, toTextList } from './shared/values.ts';

const REQUEST = 'request_data';
const RESPONSE = 'response_data';
const CLAUDE_AGENT_SDK = 'logfire.claude_agent_sdk';

/**
 * Pydantic Logfire's integrations of model providers and agent frameworks. Request and response stand as JSON
 * beside OpenTelemetry's names, which older releases lack. Its scopes and its `logfire.*` attributes reach
 * every kind of span of the application, so a span without a sign of AI is none.
 * Source: `pydantic/logfire` (_internal/integrations).
 */
export const logfire: Dialect = {
  id: 'logfire',
  title: 'Logfire',
  detect: { scopes: ['logfire', 'logfire.*'], attributes: ['logfire.pending_parent_id'] },
  correctKind,
  content: {
    input: ['logfire.msg'],
  },
  fields: {
    kind: [attribute('logfire.tags', kindOfTags)],
    framework: [
      own(ofSpan('scope', ({ scope }) => (scope.name.startsWith('logfire') ? 'logfire' : undefined))),
    ],

    responseModel: [own(inside(RESPONSE, 'model', toModelName))],
    requestModel: [own(inside(REQUEST, 'model', toModelName))],

    inputMessages: [
      own(attribute('events', (value) => nonEmpty(readEventList(value)?.input))),
      own(messages(REQUEST, 'user')),
    ],
    outputMessages: [
      own(attribute('events', (value) => nonEmpty(readEventList(value)?.output))),
      own(structured(RESPONSE, answer)),
    ],
    toolDefinitions: [own(inside(REQUEST, 'tools', readToolDefinitions))],
    embeddingInput: [own(inside(REQUEST, 'input', toTexts))],

    parameters: [own(requestParameters(REQUEST))],

    inputTokens: [own(structured(RESPONSE, (value) => readAnswerFacts(value).inputTokens))],
    outputTokens: [own(structured(RESPONSE, (value) => readAnswerFacts(value).outputTokens))],
    totalTokens: [own(structured(RESPONSE, (value) => readAnswerFacts(value).totalTokens))],
    totalCostUsd: [attribute('operation.cost', toNumber)],

    durationSeconds: [own(attribute('duration', ofStreamAnswer(toNumber)))],
    isStreamAnswer: [
      own(
        attribute(
          'duration',
          ofStreamAnswer(() => true),
        ),
      ),
    ],
    streaming: [
      own(inside(REQUEST, 'stream', toBoolean)),
      own(
        attribute(
          'duration',
          ofStreamAnswer(() => true),
        ),
      ),
    ],

    generationName: [own(attribute('logfire.msg', filledTemplate))],
    finishReason: [own(inside(RESPONSE, ['finish_reason', 'message/stop_reason'], toText))],
    tags: [attribute('logfire.tags', (value) => withoutMarker(toTextList(value)))],
  },
};

/** The tag by which Logfire marks requests to a model; all else about them may be missing. */
const LLM_TAG = 'LLM';

function kindOfTags(value: unknown, context: ReadContext): CallKind | undefined {
  if (toTextList(value)?.includes(LLM_TAG) !== true) return undefined;
  return isEmbeddingModel(toModelName(at(context.json(REQUEST), ['model']))) ? 'embedding' : 'generation';
}

function withoutMarker(tags: readonly string[] | undefined): readonly string[] | undefined {
  const own = tags?.filter((tag) => tag !== LLM_TAG);
  return own && own.length > 0 ? own : undefined;
}

function correctKind(context: KindContext): KindCorrection | undefined {
  const { span } = context;
  const { attributes } = span;
  const type = attributes['logfire.span_type'];
  if (type === 'pending_span' || attributes['logfire.pending_parent_id'] !== undefined) {
    return { kind: 'ignore', because: 'it announces a span that is still running' };
  }
  if (span.scope.name === CLAUDE_AGENT_SDK) return claudeAgentRun(context);
  if (span.scope.name.startsWith('logfire') && !hasSignOfAi(context)) {
    return { kind: 'ignore', because: 'it is a span of the application without a sign of AI' };
  }
  if (context.get('isStreamAnswer') === true && isEmpty(context)) {
    return { kind: 'ignore', because: 'nothing was read of the stream, and its request stands for the call' };
  }
  return undefined;
}

/** Of a stream that was given up, the record is written when the object is thrown away, at any later time. */
function isEmpty(context: KindContext): boolean {
  const said = context.get('outputMessages')?.some(({ parts }) => parts.length > 0) === true;
  const isCounted = context.get('inputTokens') !== undefined || context.get('outputTokens') !== undefined;
  return !said && !isCounted && context.get('isError') !== true && context.get('errorType') === undefined;
}

/**
 * The SDK calls models in another process; what it records of a single call is partial, only the run's sum is
 * right.
 */
function claudeAgentRun(context: KindContext): KindCorrection | undefined {
  if (context.kind === 'generation')
    return { kind: 'step', because: 'usage of a single turn is unreliable; the run has the sum' };
  const isCounted = context.get('inputTokens') !== undefined || context.get('totalCostUsd') !== undefined;
  if (context.kind !== 'agent' || !isCounted) return undefined;
  return { kind: 'generation', because: 'the run of the Claude Agent SDK is the only span with its usage' };
}

/** The record that is written when a stream has ended; the span of its request knows nothing of the answer. */
function ofStreamAnswer<T>(read: (value: unknown) => T | undefined) {
  return (value: unknown, { span }: ReadContext): T | undefined =>
    span.attributes['logfire.span_type'] === 'log' &&
    toTextList(span.attributes['logfire.tags'])?.includes(LLM_TAG)
      ? read(value)
      : undefined;
}

/** A span's name is a template of which the message is filled. */
function filledTemplate(message: unknown, { span }: ReadContext): string | undefined {
  return /\{[^}]*\}/.test(span.name) ? toText(message) : undefined;
}

/** `{message, usage}`, `{text, usage}`, or what was pieced together from a stream. */
function answer(value: unknown): readonly Message[] | undefined {
  if (!isRecord(value)) return undefined;
  const said = value.message ?? value.combined_chunk_content ?? value.text;
  return said === undefined || said === '' ? undefined : readMessages(said, 'assistant');
}

function nonEmpty(list: readonly Message[] | undefined): readonly Message[] | undefined {
  return list !== undefined && list.length > 0 ? list : undefined;
}
