import type { CallKind } from '../call/llm-call.ts';
import type { AttributeEntries, Dialect, ReadContext } from './dialect.ts';
import { toTexts } from './shared/embeddings.ts';
import { SESSION_KEYS, USER_KEYS } from './shared/metadata.ts';
import { attribute, metadataBelow, mixed, prefixed } from './shared/sources.ts';
import { oneOf, secondsAfterStart, toContent, toCount, toText, toTextList } from './shared/values.ts';

/** What each span type is when its operation name does not say. */
const SPAN_KINDS: Readonly<Record<string, CallKind>> = {
  agent_run: 'agent',
  workflow_run: 'workflow',
  workflow_step: 'step',
  workflow_conditional: 'step',
  workflow_conditional_eval: 'step',
  workflow_parallel: 'step',
  workflow_loop: 'step',
  workflow_sleep: 'step',
  workflow_wait_event: 'step',
  model_generation: 'chain',
  llm_generation: 'chain',
  model_inference: 'step',
  model_step: 'step',
  model_chunk: 'span',
  tool_call: 'tool',
  mcp_tool_call: 'tool',
  provider_tool_call: 'tool',
  client_tool_call: 'tool',
  mcp_server_request: 'mcp',
  memory_operation: 'memory',
  scorer_run: 'evaluator',
  rag_embedding: 'embedding',
  rag_vector_operation: 'retriever',
};

const kindOfSpanType = oneOf(SPAN_KINDS);

/** Raw HTTP exchanges and what stands elsewhere; `body` is the provider's whole answer. */
const NOT_METADATA = [
  'headers',
  'body',
  'request',
  'response',
  'modelMetadata',
  'toolName',
  'toolCallId',
  'tags',
];

/**
 * Mastra's exporters and bridge, on top of OpenTelemetry's names. The span with operation `chat` is the model call: the
 * inference, or with the bridge and older packages the whole generation loop with the sum of its calls. Every other
 * model span is a wrapper. Sources: `@mastra/otel-exporter` 1.4, `@mastra/otel-bridge` 1.5, `@mastra/langfuse` 1.5.
 */
export const mastra: Dialect = {
  id: 'mastra',
  title: 'Mastra',
  framework: 'mastra',
  detect: { scopes: ['@mastra/*'], prefixes: ['mastra.'] },
  content: {
    error: ['mastra.log.*'],
  },
  fields: {
    kind: [attribute('mastra.span.type', kindOfSpan)],

    inputState: [mixed(prefixed('mastra.', (entries) => endingIn(entries, '.input')))],
    outputState: [mixed(prefixed('mastra.', (entries) => endingIn(entries, '.output')))],
    embeddingInput: [attribute('mastra.rag_embedding.input', toTexts)],

    cacheReadTokens: [attribute('gen_ai.usage.cached_input_tokens', toCount)],
    cacheWrite5mTokens: [attribute('gen_ai.usage.cache_creation.5m_input_tokens', toCount)],
    cacheWrite1hTokens: [attribute('gen_ai.usage.cache_creation.1h_input_tokens', toCount)],
    reasoningTokens: [attribute('gen_ai.usage.reasoning_tokens', toCount)],
    audioInputTokens: [attribute('gen_ai.usage.audio_input_tokens', toCount)],
    audioOutputTokens: [attribute('gen_ai.usage.audio_output_tokens', toCount)],

    timeToFirstTokenSeconds: [attribute('mastra.completion_start_time', secondsAfterStart)],
    errorType: [attribute('error.category', toText)],

    traceName: [attribute('mastra.metadata.traceName', toText)],
    user: USER_KEYS.map((key) => attribute(`mastra.metadata.${key}`, toText)),
    sessionId: SESSION_KEYS.map((key) => attribute(`mastra.metadata.${key}`, toText)),
    tags: [attribute('mastra.tags', toTextList)],
    metadata: [metadataBelow('mastra.metadata.', NOT_METADATA)],
  },
};

/**
 * Asked only where the operation is none of OpenTelemetry's; a model span with such an operation is a wrapper. The
 * earliest exporters named no operation at all.
 */
function kindOfSpan(type: unknown, { span }: ReadContext): CallKind | undefined {
  const isModelSpan = type === 'model_inference' || type === 'model_generation' || type === 'llm_generation';
  if (isModelSpan && span.attributes['gen_ai.operation.name'] === undefined) return 'generation';
  return kindOfSpanType(type);
}

/** `mastra.<span type>.input`, whichever the type is. */
function endingIn(entries: AttributeEntries, ending: string): unknown {
  const found = entries.find(([name]) => name.endsWith(ending) && !name.startsWith('metadata.'));
  return found === undefined ? undefined : toContent(found[1]);
}
