import type { CallKind } from '../call/llm-call.ts';
import type { Dialect } from './dialect.ts';
import { toMeasuredOutput } from './shared/measured-tokens.ts';
import { flattened, flattenedTools } from './shared/message-sources.ts';
import { SESSION_KEYS, USER_KEYS } from './shared/metadata.ts';
import {
  attribute,
  events,
  firstChoice,
  lastResort,
  metadataBelow,
  ofSpan,
  own,
  parameter,
  prefixed,
  secondsToEvent,
  structured,
} from './shared/sources.ts';
import {
  askedOfReranker,
  embeddedTexts,
  entityNameOf,
  finishReasonOfChoice,
  flattenedAnswer,
  rankedDocuments,
  retrievedDocuments,
  toolNameOf,
  unpacked,
  unpackedByOwnScope,
  vectorQueryKind,
} from './shared/traceloop-readers.ts';
import {
  oneOf,
  toBoolean,
  toContent,
  toCount,
  toGroups,
  toModelName,
  toText,
  toVersion,
} from './shared/values.ts';
import {
  bareModelCall,
  cacheReporting,
  handshake,
  onlyWithinWorkflow,
  reasoningReporting,
  vertexByScope,
} from './traceloop-rules.ts';

/** `llm.request.type` of the first generation; LiteLLM writes its call types there. */
const REQUEST_KINDS: Readonly<Record<string, CallKind>> = {
  chat: 'generation',
  completion: 'generation',
  acompletion: 'generation',
  text_completion: 'generation',
  atext_completion: 'generation',
  responses: 'generation',
  aresponses: 'generation',
  anthropic_messages: 'generation',
  image_generation: 'generation',
  image_edit: 'generation',
  image_variation: 'generation',
  embedding: 'embedding',
  embeddings: 'embedding',
  aembedding: 'embedding',
  rerank: 'reranker',
  arerank: 'reranker',
  unknown: 'span',
};

const SPAN_KINDS: Readonly<Record<string, CallKind>> = {
  workflow: 'workflow',
  task: 'task',
  agent: 'agent',
  tool: 'tool',
  session: 'span',
  unknown: 'span',
};

const ASSOCIATION = 'traceloop.association.properties.';

function association<T>(keys: readonly string[], read: (value: unknown) => T | undefined) {
  return keys.map((key) => attribute(`${ASSOCIATION}${key}`, read));
}

/**
 * Traceloop's OpenLLMetry in JavaScript and Python. Three generations are on the wire: `llm.*` with flattened messages;
 * `gen_ai.*` forms of those names; and OpenTelemetry's names of v1.40 (read by `gen-ai.ts`).
 */
export const traceloop: Dialect = {
  id: 'traceloop',
  title: 'OpenLLMetry (Traceloop)',
  detect: {
    scopes: ['@traceloop/*', 'traceloop.tracer'],
    attributes: [
      'llm.request.type',
      'llm.usage.total_tokens',
      'llm.is_streaming',
      'llm.request.functions.0.name',
      'gen_ai.is_streaming',
    ],
    prefixes: ['traceloop.'],
  },
  content: {
    headers: ['llm.headers*'],
    input: [
      'traceloop.prompt.template',
      'traceloop.prompt.template_variables*',
      'db.query.*',
      'db.vector.query.*',
    ],
    tools: ['llm.request.functions*'],
    parameters: ['llm.chat.stop_sequences*', 'llm.request.structured_output_schema'],
  },
  fields: {
    kind: [
      attribute('llm.request.type', oneOf(REQUEST_KINDS)),
      attribute('gen_ai.request.type', oneOf(REQUEST_KINDS)),
      attribute('traceloop.span.kind', oneOf(SPAN_KINDS)),
      own(ofSpan('vector store query', vectorQueryKind)),
    ],

    responseModel: [attribute('llm.response.model', toModelName)],
    requestModel: [attribute('llm.request.model', toModelName)],
    provider: [firstChoice(attribute('gen_ai.system', vertexByScope)), attribute('llm.vendor', toText)],
    baseUrl: [attribute('llm.openai.api_base', toText), attribute('openai.api_base', toText)],
    responseId: [attribute('llm.response.id', toText)],

    inputMessages: [
      firstChoice(attribute('gen_ai.input.messages', unpackedByOwnScope('user'))),
      flattened('gen_ai.prompt.', 'traceloop', 'user'),
      flattened('llm.prompts.', 'traceloop', 'user'),
      lastResort(structured('traceloop.entity.input', unpacked('user'))),
    ],
    outputMessages: [
      prefixed('gen_ai.completion.', flattenedAnswer),
      flattened('llm.completions.', 'traceloop', 'assistant'),
      lastResort(structured('traceloop.entity.output', unpacked('assistant'))),
    ],
    embeddingInput: [lastResort(structured('traceloop.entity.input', embeddedTexts))],
    toolDefinitions: [flattenedTools('llm.request.functions.')],
    inputState: [
      structured('mcp.request.argument', toContent),
      own(prefixed('documents.', askedOfReranker)),
      structured('traceloop.entity.input', toContent),
      structured('gen_ai.guardrail.input', toContent),
    ],
    outputState: [
      structured('mcp.response.value', toContent),
      own(prefixed('gen_ai.completion.', rankedDocuments)),
      structured('traceloop.entity.output', toContent),
      structured('gen_ai.guardrail.output', toContent),
      events('vector store results', retrievedDocuments),
    ],
    toolName: [attribute('traceloop.entity.name', toolNameOf)],

    parameters: [
      parameter('llm.temperature', 'temperature'),
      parameter('llm.top_p', 'top_p'),
      parameter('llm.top_k', 'top_k'),
      parameter('llm.frequency_penalty', 'frequency_penalty'),
      parameter('llm.presence_penalty', 'presence_penalty'),
      parameter('llm.chat.stop_sequences', 'stop'),
      parameter('gen_ai.request.reasoning_effort', 'reasoning_effort'),
      parameter('llm.request.reasoning_effort', 'reasoning_effort'),
      parameter('llm.request.reasoning_summary', 'reasoning_summary'),
      parameter('gen_ai.request.structured_output_schema', 'structured_output_schema'),
      parameter('llm.request.structured_output_schema', 'structured_output_schema'),
      parameter('gen_ai.request.thinking_type', 'thinking_type'),
      parameter('llm.request.thinking.type', 'thinking_type'),
      parameter('gen_ai.request.thinking.budget_tokens', 'thinking_budget_tokens'),
      parameter('llm.request.thinking.budget_tokens', 'thinking_budget_tokens'),
      parameter('gen_ai.request.image.size', 'size'),
    ],
    streaming: [attribute('gen_ai.is_streaming', toBoolean), attribute('llm.is_streaming', toBoolean)],

    inputTokens: [attribute('llm.usage.prompt_tokens', toCount)],
    outputTokens: [attribute('llm.usage.completion_tokens', toCount)],
    totalTokens: [attribute('llm.usage.total_tokens', toMeasuredOutput)],
    cacheReadTokens: [attribute('gen_ai.usage.cache_read_input_tokens', toCount)],
    cacheWriteTokens: [attribute('gen_ai.usage.cache_creation_input_tokens', toCount)],
    reasoningTokens: [attribute('gen_ai.usage.reasoning_tokens', toCount)],

    finishReason: [
      prefixed('gen_ai.completion.', finishReasonOfChoice),
      attribute('llm.response.finish_reason', toText),
      attribute('llm.response.stop_reason', toText),
    ],

    user: [
      ...association(['posthog_distinct_id', ...USER_KEYS], toText),
      lastResort(attribute('gen_ai.user', toText)),
      lastResort(attribute('llm.user', toText)),
    ],
    sessionId: [
      ...association(['$ai_session_id', ...SESSION_KEYS], toText),
      lastResort(attribute('traceloop.correlation.id', toText)),
    ],
    timeToFirstTokenSeconds: [secondsToEvent('gen_ai.content.completion.chunk')],
    webSessionId: association(['$session_id'], toText),
    groups: association(['$groups'], toGroups),
    generationName: [attribute('traceloop.entity.name', entityNameOf('workflow', 'task'))],
    metadata: [metadataBelow(ASSOCIATION), metadataBelow('traceloop.custom_metric.')],
    agentName: [
      attribute('traceloop.entity.name', entityNameOf('agent')),
      ...association(['lc_agent_name'], toText),
    ],
    workflowName: [attribute('traceloop.workflow.name', toText)],
    promptName: [...association(['$ai_prompt_name'], toText), attribute('traceloop.prompt.key', toText)],
    promptVersion: [
      ...association(['$ai_prompt_version'], toVersion),
      attribute('traceloop.prompt.version', toVersion),
    ],
    promptTemplate: [attribute('traceloop.prompt.template', toText)],
    promptVariables: [
      prefixed('traceloop.prompt.template_variables.', (entries) => Object.fromEntries(entries)),
    ],
  },
  correctKind: (context) => handshake(context) ?? bareModelCall(context) ?? onlyWithinWorkflow(context),
  cacheReporting,
  reasoningReporting,
};
