import type { CallKind } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { joinStreamDeltas } from '../messages/join-stream-deltas.ts';
import { readMessages } from '../messages/read-messages.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import { parseJson } from '../messages/recorded-json.ts';
import type { AttributeSource, Dialect, EventsSource } from './dialect.ts';
import { type AnswerFacts, readAnswerFacts } from './shared/answer-facts.ts';
import { toTexts } from './shared/embeddings.ts';
import { events, inside, lastResort, own, requestParameters, structured } from './shared/sources.ts';
import { oneOf, toBoolean, toContent, toCount, toModelName, toNumber, toText } from './shared/values.ts';

const TYPE = 'mlflow.spanType';
const INPUTS = 'mlflow.spanInputs';
const OUTPUTS = 'mlflow.spanOutputs';
const USAGE = 'mlflow.chat.tokenUsage';
const COST = 'mlflow.llm.cost';

const SPAN_TYPES: Readonly<Record<string, CallKind>> = {
  LLM: 'generation',
  CHAT_MODEL: 'generation',
  EMBEDDING: 'embedding',
  TOOL: 'tool',
  AGENT: 'agent',
  CHAIN: 'chain',
  RETRIEVER: 'retriever',
  RERANKER: 'reranker',
  PARSER: 'span',
  MEMORY: 'memory',
  WORKFLOW: 'workflow',
  TASK: 'task',
  GUARDRAIL: 'guardrail',
  EVALUATOR: 'evaluator',
  UNKNOWN: 'span',
};

/**
 * MLflow Tracing. Every value is JSON (a name stands in quotes) or, from some exporters, structured.
 * Sources: `mlflow/mlflow` (mlflow/tracing/constant.py), `mlflow-tracing` for JavaScript.
 */
export const mlflow: Dialect = {
  id: 'mlflow',
  title: 'MLflow',
  detect: {
    scopes: ['mlflow*'],
    attributes: [TYPE, INPUTS, OUTPUTS, USAGE],
    prefixes: ['mlflow.llm.', 'mlflow.chat.'],
  },
  fields: {
    kind: [structured(TYPE, oneOf(SPAN_TYPES))],

    responseModel: [lastResort(structured(OUTPUTS, (value) => readAnswerFacts(value).model))],
    requestModel: [
      structured('mlflow.llm.model', toModelName),
      inside(INPUTS, ['model', 'model_name'], toModelName),
    ],
    provider: [structured('mlflow.llm.provider', toText)],
    responseId: [lastResort(structured(OUTPUTS, (value) => readAnswerFacts(value).id))],

    inputMessages: [structured(INPUTS, (value) => readMessages(value, 'user'))],
    outputMessages: [
      toolsInChunks((answers) => answers),
      structured(OUTPUTS, (value) => readMessages(value, 'assistant')),
    ],
    toolDefinitions: [
      structured('mlflow.chat.tools', readToolDefinitions),
      inside(INPUTS, 'tools', readToolDefinitions),
    ],
    embeddingInput: [
      structured(INPUTS, (value, context) =>
        kindOf(context.json(TYPE)) === 'embedding' ? toTexts(value) : undefined,
      ),
      inside(INPUTS, ['input', 'text', 'texts', 'contents'], (value, context) =>
        kindOf(context.json(TYPE)) === 'embedding' ? toTexts(value) : undefined,
      ),
    ],
    inputState: [structured(INPUTS, toContent)],
    outputState: [structured(OUTPUTS, toContent)],

    parameters: [requestParameters(INPUTS)],
    streaming: [inside(INPUTS, 'stream', toBoolean)],

    inputTokens: [inside(USAGE, 'input_tokens', toCount), uncounted('inputTokens')],
    outputTokens: [inside(USAGE, 'output_tokens', toCount), uncounted('outputTokens')],
    totalTokens: [inside(USAGE, 'total_tokens', toCount), uncounted('totalTokens')],
    cacheReadTokens: [inside(USAGE, 'cache_read_input_tokens', toCount), uncounted('cacheReadTokens')],
    cacheWriteTokens: [inside(USAGE, 'cache_creation_input_tokens', toCount), uncounted('cacheWriteTokens')],
    reasoningTokens: [answered('reasoningTokens')],
    serviceTier: [answered('serviceTier')],
    webSearchCount: [answered('webSearchCount')],
    totalCostUsd: [inside(COST, 'total_cost', toNumber)],
    inputCostUsd: [inside(COST, 'input_cost', toNumber)],
    outputCostUsd: [inside(COST, 'output_cost', toNumber)],

    finishReason: [
      toolsInChunks((answers) => answers[0]?.finishReason),
      lastResort(structured(OUTPUTS, (value) => readAnswerFacts(value).finishReason)),
    ],

    user: [own(structured('mlflow.trace.user', toText))],
    sessionId: [own(structured('mlflow.trace.session', toText))],
  },
};

const kindOf = oneOf(SPAN_TYPES);

/** What the provider's answer says of the call; what an agent or a chain gave back may quote such an answer. */
function answered<F extends keyof AnswerFacts>(fact: F): AttributeSource<NonNullable<AnswerFacts[F]>> {
  return lastResort(
    structured(OUTPUTS, (value, context) => {
      const kind = kindOf(context.json(TYPE));
      return kind === 'generation' || kind === 'embedding'
        ? (readAnswerFacts(value)[fact] ?? undefined)
        : undefined;
    }),
  );
}

/** MLflow puts a stream together without its tool calls; those are in the chunks alone, an event each. */
function toolsInChunks<T>(read: (answers: readonly Message[]) => T | undefined): EventsSource<T> {
  return own(
    events('events mlflow.chunk.item.*', (list) => {
      const chunks = list.flatMap(({ name, attributes }) =>
        name.startsWith('mlflow.chunk.item.') ? [attributes['mlflow.chunk.value']] : [],
      );
      if (!chunks.some((chunk) => typeof chunk === 'string' && /"tool_calls":\s*\[/.test(chunk)))
        return undefined;
      const answers = joinStreamDeltas(chunks.map((chunk) => parseJson(chunk)));
      const isCall = answers.some(({ parts }) => parts.some(({ type }) => type === 'tool_call'));
      return isCall ? read(answers) : undefined;
    }),
  );
}

/** MLflow counts chats alone: embeddings and legacy completions have the provider's own usage. */
function uncounted(
  fact: 'inputTokens' | 'outputTokens' | 'totalTokens' | 'cacheReadTokens' | 'cacheWriteTokens',
): AttributeSource<number> {
  const source = answered(fact);
  return {
    ...source,
    read: (value, context) =>
      context.span.attributes[USAGE] === undefined ? source.read(value, context) : undefined,
  };
}
