import type { CallKind } from '../call/llm-call.ts';
import { isRecord } from '../messages/recorded-json.ts';
import type { Dialect } from './dialect.ts';
import {
  agentAround,
  agentRun,
  cacheReporting,
  ofAgentSpan,
  ofModelSpan,
  preparation,
  reasoningReporting,
  wholeModelName,
} from './openinference-rules.ts';
import type { AnswerFacts } from './shared/answer-facts.ts';
import { flattened, flattenedTools } from './shared/message-sources.ts';
import { SESSION_KEYS, USER_KEYS } from './shared/metadata.ts';
import {
  answerOfRetriever,
  argumentsOfTool,
  documentsAt,
  embeddedTexts,
  heldEmbeddingInput,
  messagesWithRaw,
  ofAnswer,
  promptInParameters,
  rawOfModelCall,
  rerankQuery,
  rerankResult,
  toolsInParameters,
} from './shared/openinference-readers.ts';
import {
  attribute,
  inside,
  lastResort,
  metadataBelow,
  metadataIn,
  mixed,
  own,
  ownAttribute,
  parameter,
  parameterBundle,
  prefixed,
  secondsToEvent,
  structured,
} from './shared/sources.ts';
import {
  millisecondsToSeconds,
  oneOf,
  toBoolean,
  toContent,
  toCount,
  toModelName,
  toNumber,
  toText,
  toTextList,
  toTier,
} from './shared/values.ts';

const KINDS: Readonly<Record<string, CallKind>> = {
  LLM: 'generation',
  EMBEDDING: 'embedding',
  CHAIN: 'chain',
  RETRIEVER: 'retriever',
  RERANKER: 'reranker',
  TOOL: 'tool',
  AGENT: 'agent',
  GUARDRAIL: 'guardrail',
  EVALUATOR: 'evaluator',
  PROMPT: 'prompt',
};

/** Keys that the AI SDK bridge copies from the span itself into the metadata. */
const NOT_METADATA = ['ai.*'];

/**
 * Arize's OpenInference, as its JavaScript and Python instrumentations write it (Phoenix and others).
 * The raw request and answer in `input.value` and `output.value` complete what the flattened attributes lose.
 */
export const openInference: Dialect = {
  id: 'openinference',
  title: 'OpenInference',
  detect: {
    scopes: ['openinference.instrumentation.*', '@arizeai/openinference-*', 'openinference-core'],
    attributes: ['openinference.span.kind'],
  },
  content: {
    input: [
      'llm.input_messages*',
      'llm.prompts*',
      'llm.prompt_template.template',
      'llm.prompt_template.variables*',
      'input.images*',
      'reranker.query',
      'reranker.input_*',
    ],
    output: [
      'llm.output_messages*',
      'llm.choices*',
      'llm.completions*',
      'output.images*',
      'reranker.output_*',
      'retrieval.documents*',
      'documents.*',
    ],
    tools: ['llm.tools*', 'llm.function_call*', 'tool.parameters', 'tool.json_schema', 'tool.description'],
    parameters: ['llm.invocation_parameters', 'embedding.invocation_parameters'],
    embedding: ['embedding.embeddings*'],
    none: ['llm.token_count.*', 'llm.cost.*'],
  },
  fields: {
    kind: [attribute('openinference.span.kind', oneOf(KINDS))],

    responseModel: [attribute('llm.response.model_name', toModelName), answer('model')],
    requestModel: [
      attribute('llm.request.model_name', toModelName),
      own(attribute('input.value', wholeModelName)),
      attribute('llm.model_name', toModelName),
      attribute('embedding.model_name', toModelName),
      attribute('reranker.model_name', toModelName),
      inside('llm.invocation_parameters', ['model', 'model_name', 'modelId'], toModelName),
      // NVIDIA's NeMo Agent Toolkit names a call of a model after it.
      lastResort(attribute('nat.subspan.name', ofModelSpan)),
    ],
    provider: [
      attribute('llm.provider', ofModelSpan),
      attribute('llm.system', ofModelSpan),
      own(inside('metadata', 'ls_provider', toText)),
    ],
    responseId: [answer('id')],

    inputMessages: [
      messagesWithRaw('llm.input_messages.', 'user'),
      flattened('llm.prompts.', 'openinference', 'user'),
      lastResort(own(attribute('input.value', rawOfModelCall('user')))),
      // Bodies of Bedrock's own models, of which the instrumentation knows no messages.
      lastResort(own(inside('llm.invocation_parameters', ['inputText', 'prompt'], promptInParameters))),
    ],
    outputMessages: [
      messagesWithRaw('llm.output_messages.', 'assistant'),
      flattened('llm.choices.', 'openinference', 'assistant'),
      lastResort(own(attribute('output.value', rawOfModelCall('assistant')))),
    ],
    toolDefinitions: [
      flattenedTools('llm.tools.'),
      inside('llm.invocation_parameters', 'tools', toolsInParameters),
    ],
    embeddingInput: [
      prefixed('embedding.embeddings.', embeddedTexts),
      lastResort(own(structured('input.value', heldEmbeddingInput))),
    ],
    inputState: [
      mixed(prefixed('reranker.', rerankQuery)),
      own(structured('input.value', toContent)),
      lastResort(own(prefixed('llm.input_messages.', argumentsOfTool))),
      lastResort(ownAttribute('tool.parameters', toContent)),
    ],
    outputState: [
      own(structured('output.value', answerOfRetriever)),
      prefixed('retrieval.documents.', documentsAt()),
      mixed(prefixed('reranker.', rerankResult)),
      own(structured('output.value', toContent)),
    ],
    toolName: [ownAttribute('tool.name', toText)],
    toolCallId: [ownAttribute('tool.id', toText), ownAttribute('tool_call.id', toText)],

    parameters: [
      parameterBundle('llm.invocation_parameters'),
      parameterBundle('embedding.invocation_parameters'),
      parameter('reranker.top_k', 'top_k'),
    ],
    // LangChain's says how the model object was made, not how it was called; so only `true` decides.
    streaming: [inside('llm.invocation_parameters', 'stream', (value) => toBoolean(value) || undefined)],

    inputTokens: [attribute('llm.token_count.prompt', toCount), answer('inputTokens')],
    outputTokens: [attribute('llm.token_count.completion', toCount), answer('outputTokens')],
    totalTokens: [attribute('llm.token_count.total', toCount), answer('totalTokens')],
    cacheReadTokens: [
      attribute('llm.token_count.prompt_details.cache_read', toCount),
      attribute('llm.token_count.prompt_details.cache_input', toCount),
      answer('cacheReadTokens'),
    ],
    cacheWriteTokens: [
      attribute('llm.token_count.prompt_details.cache_write', toCount),
      answer('cacheWriteTokens'),
    ],
    serviceTier: [answer('serviceTier'), attribute('llm.openai.service_tier', toTier)],
    webSearchCount: [answer('webSearchCount')],
    cacheWrite5mTokens: [answer('cacheWrite5mTokens')],
    cacheWrite1hTokens: [answer('cacheWrite1hTokens')],
    reasoningTokens: [
      attribute('llm.token_count.completion_details.reasoning', toCount),
      answer('reasoningTokens'),
    ],
    audioInputTokens: [attribute('llm.token_count.prompt_details.audio', toCount)],
    audioOutputTokens: [attribute('llm.token_count.completion_details.audio', toCount)],

    totalCostUsd: [attribute('llm.cost.total', toNumber), answer('costUsd')],
    inputCostUsd: [attribute('llm.cost.prompt', toNumber)],
    outputCostUsd: [attribute('llm.cost.completion', toNumber)],

    timeToFirstTokenSeconds: [
      ownAttribute('time_to_first_token_ms', millisecondsToSeconds),
      secondsToEvent('First Token Stream Event'),
    ],
    finishReason: [
      attribute('llm.finish_reason', toText),
      attribute('llm.stop_reason', toText),
      answer('finishReason'),
    ],

    // `user.id` and `session.id` are OpenTelemetry's own names; these are for LangChain's metadata.
    user: [
      own(inside('metadata', USER_KEYS, toText)),
      lastResort(inside('llm.invocation_parameters', 'user', toText)),
    ],
    sessionId: [
      own(inside('metadata', SESSION_KEYS, toText)),
      lastResort(own(inside('llm.invocation_parameters', ['sessionId', 'session_id'], toText))),
    ],
    tags: [attribute('tag.tags', toTextList)],
    metadata: [own(metadataIn('metadata')), own(metadataBelow('metadata.', NOT_METADATA))],
    agentName: [
      ownAttribute('agent.name', toText),
      own(attribute('graph.node.name', ofAgentSpan)),
      own(attribute('graph.node.id', ofAgentSpan)),
      own(inside('metadata', 'lc_agent_name', agentAround)),
    ],
    promptName: [own(attribute('prompt.id', toText))],
    promptVersion: [attribute('llm.prompt_template.version', toText)],
    promptTemplate: [attribute('llm.prompt_template.template', toText)],
    promptVariables: [
      structured('llm.prompt_template.variables', (value) => (isRecord(value) ? value : undefined)),
    ],
  },
  correctKind: (context) => agentRun(context) ?? preparation(context),
  cacheReporting,
  reasoningReporting,
};

/** A fact of the raw answer, where no attribute holds it. */
function answer<K extends keyof AnswerFacts>(fact: K) {
  return lastResort(own(attribute('output.value', ofAnswer(fact))));
}
