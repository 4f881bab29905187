import { ATTR_RPC_METHOD } from '@opentelemetry/semantic-conventions';
import { foldFinishReason } from '../call/finish-reason.ts';
import type { Message } from '../call/messages.ts';
import { readEventFinishReason } from '../messages/read-event-messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import type { Dialect, ReadContext, Source } from './dialect.ts';
import { kindOfBedrockMethod } from './shared/bedrock.ts';
import { toTexts } from './shared/embeddings.ts';
import { toMeasuredInput, toMeasuredOutput } from './shared/measured-tokens.ts';
import { messages, systemText, toolList } from './shared/message-sources.ts';
import { kindOfOperation } from './shared/operation-kind.ts';
import { attribute, events, lastResort, parameter, structured } from './shared/sources.ts';
import {
  firstFinishReason,
  toBoolean,
  toContent,
  toCount,
  toGivenName,
  toModelName,
  toNumber,
  toText,
  toTier,
} from './shared/values.ts';

/**
 * OpenTelemetry's GenAI semantic conventions, v1.26 to the newest of the genai repository. Renamed attributes stand
 * newest first.
 */
export const genAi: Dialect = {
  id: 'gen-ai',
  title: 'OpenTelemetry GenAI',
  isGeneric: true,
  detect: {
    prefixes: ['gen_ai.'],
    // The Python scopes of the contrib repository are shared with HTTP and database instrumentations, so a span from
    // there must carry a `gen_ai.` attribute to count.
    scopes: ['@opentelemetry/instrumentation-openai', 'opentelemetry.util.genai*'],
  },
  content: {
    headers: ['gen_ai.headers*'],
    url: ['gen_ai.openai.api_base', 'openai.api_base'],
    input: [
      'gen_ai.retrieval.query*',
      'gen_ai.task.*',
      'gen_ai.guardrail.*',
      'gen_ai.input.messages*',
      'gen_ai.system_instructions*',
      'gen_ai.request.messages*',
    ],
    output: [
      'gen_ai.output.messages*',
      'gen_ai.retrieval.documents*',
      'gen_ai.response.text',
      'gen_ai.response.object',
      'gen_ai.response.tool_calls*',
      'gen_ai.response.revised_prompt',
    ],
    tools: [
      'gen_ai.tool.definitions*',
      'gen_ai.tool.call.arguments*',
      'gen_ai.tool.call.result*',
      'gen_ai.tool.description',
      'gen_ai.agent.description',
      'gen_ai.request.tools*',
    ],
    parameters: [
      'gen_ai.request.stop_sequences*',
      'gen_ai.request.structured_output_schema',
      'gen_ai.request.extra_body',
      'gen_ai.request.extra_query',
    ],
    embedding: ['gen_ai.input.embedding'],
    error: ['gen_ai.error.message', 'gen_ai.error'],
    evaluation: ['gen_ai.evaluation.explanation'],
    none: [
      'gen_ai.prompt.name',
      'gen_ai.prompt.version',
      'gen_ai.prompt.id',
      'gen_ai.task.name',
      'gen_ai.task.id',
      'gen_ai.guardrail.name',
      'gen_ai.usage.*',
      'gen_ai.cost.*',
    ],
  },
  fields: {
    kind: [
      attribute('gen_ai.operation.name', kindOfOperation),
      attribute(ATTR_RPC_METHOD, kindOfBedrockMethod),
    ],
    operation: [attribute('gen_ai.operation.name', toText)],

    responseModel: [attribute('gen_ai.response.model', toModelName)],
    requestModel: [attribute('gen_ai.request.model', toModelName)],
    provider: [attribute('gen_ai.provider.name', toText), attribute('gen_ai.system', toText)],
    baseUrl: [attribute('gen_ai.openai.api_base', toText)],
    responseId: [attribute('gen_ai.response.id', toText)],

    inputMessages: [messages('gen_ai.input.messages', 'user')],
    outputMessages: [
      messages('gen_ai.output.messages', 'assistant'),
      lastResort(attribute('gen_ai.tool.name', calledTool)),
    ],
    systemInstructions: [systemText('gen_ai.system_instructions')],
    toolDefinitions: [toolList('gen_ai.tool.definitions')],
    embeddingInput: [structured('gen_ai.embeddings.input', toTexts)],
    inputState: [
      structured('gen_ai.tool.call.arguments', toContent),
      structured('gen_ai.retrieval.query.text', toContent),
      structured('gen_ai.tool.arguments', toContent),
      structured('gen_ai.tool.input', toContent),
    ],
    outputState: [
      structured('gen_ai.tool.call.result', toContent),
      structured('gen_ai.retrieval.documents', toContent),
      structured('gen_ai.tool.result', toContent),
      structured('gen_ai.tool.output', toContent),
      structured('gen_ai.tool.message', toContent),
    ],
    toolName: [attribute('gen_ai.tool.name', toText)],
    toolCallId: [attribute('gen_ai.tool.call.id', toText)],

    parameters: [
      parameter('gen_ai.request.temperature', 'temperature'),
      parameter('gen_ai.request.max_tokens', 'max_tokens'),
      parameter('gen_ai.request.top_p', 'top_p'),
      parameter('gen_ai.request.top_k', 'top_k'),
      parameter('gen_ai.request.frequency_penalty', 'frequency_penalty'),
      parameter('gen_ai.request.presence_penalty', 'presence_penalty'),
      parameter('gen_ai.request.stop_sequences', 'stop'),
      parameter('gen_ai.request.seed', 'seed'),
      parameter('gen_ai.openai.request.seed', 'seed'),
      parameter('gen_ai.request.choice.count', 'n'),
      parameter('gen_ai.request.reasoning.level', 'reasoning_effort'),
      parameter('gen_ai.request.encoding_formats', 'encoding_formats'),
      parameter('gen_ai.embeddings.dimension.count', 'dimensions'),
      parameter('gen_ai.output.type', 'output_type'),
      parameter('gen_ai.openai.request.response_format', 'output_type'),
      parameter('openai.request.service_tier', 'service_tier'),
      parameter('gen_ai.openai.request.service_tier', 'service_tier'),
    ],
    streaming: [attribute('gen_ai.request.stream', toBoolean)],

    inputTokens: [
      attribute('gen_ai.usage.input_tokens', toMeasuredInput),
      attribute('gen_ai.usage.prompt_tokens', toMeasuredInput),
      inUsageEvent('gen_ai.usage.input_tokens'),
    ],
    outputTokens: [
      attribute('gen_ai.usage.output_tokens', toMeasuredOutput),
      attribute('gen_ai.usage.completion_tokens', toMeasuredOutput),
      inUsageEvent('gen_ai.usage.output_tokens'),
    ],
    totalTokens: [
      attribute('gen_ai.usage.total_tokens', toMeasuredOutput),
      inUsageEvent('gen_ai.usage.total_tokens'),
    ],
    cacheReadTokens: [
      attribute('gen_ai.usage.cache_read.input_tokens', toCount),
      inUsageEvent('gen_ai.usage.cache_read.input_tokens'),
    ],
    cacheWriteTokens: [
      attribute('gen_ai.usage.cache_write.input_tokens', toCount),
      attribute('gen_ai.usage.cache_creation.input_tokens', toCount),
      inUsageEvent('gen_ai.usage.cache_write.input_tokens'),
    ],
    reasoningTokens: [
      attribute('gen_ai.usage.reasoning.output_tokens', toCount),
      inUsageEvent('gen_ai.usage.reasoning.output_tokens'),
    ],
    textInputTokens: [attribute('gen_ai.usage.text.input_tokens', toCount)],
    textOutputTokens: [attribute('gen_ai.usage.text.output_tokens', toCount)],
    audioInputTokens: [attribute('gen_ai.usage.audio.input_tokens', toCount)],
    audioOutputTokens: [attribute('gen_ai.usage.audio.output_tokens', toCount)],
    imageInputTokens: [attribute('gen_ai.usage.image.input_tokens', toCount)],
    imageOutputTokens: [attribute('gen_ai.usage.image.output_tokens', toCount)],
    cacheReadAudioTokens: [attribute('gen_ai.usage.audio.cache_read.input_tokens', toCount)],

    serviceTier: [
      attribute('openai.response.service_tier', toTier),
      attribute('gen_ai.openai.response.service_tier', toTier),
      attribute('gen_ai.response.service_tier', toTier),
      attribute('anthropic.response.service_tier', toTier),
    ],

    totalCostUsd: [attribute('gen_ai.usage.cost', toNumber), attribute('gen_ai.usage.total_cost', toNumber)],
    inputCostUsd: [attribute('gen_ai.usage.input_cost', toNumber)],
    outputCostUsd: [attribute('gen_ai.usage.output_cost', toNumber)],

    timeToFirstTokenSeconds: [
      attribute('gen_ai.response.time_to_first_chunk', toCount),
      attribute('gen_ai.client.operation.time_to_first_chunk', toCount),
      attribute('gen_ai.response.time_to_first_token', toCount),
    ],

    finishReason: [
      attribute('gen_ai.response.finish_reasons', firstFinishReason),
      attribute('gen_ai.response.finish_reason', toText),
      lastResort(events('choice events', readEventFinishReason)),
      // A message that says nothing is no answer, and still has its reason.
      lastResort(attribute('gen_ai.output.messages', finishReasonOfMessages)),
    ],
    isError: [attribute('gen_ai.response.status', (value) => (value === 'failed' ? true : undefined))],

    sessionId: [attribute('gen_ai.conversation.id', toText)],
    agentName: [attribute('gen_ai.agent.name', toGivenName)],
    workflowName: [attribute('gen_ai.workflow.name', toText)],
    promptName: [attribute('gen_ai.prompt.name', givenPromptName)],
    promptVersion: [attribute('gen_ai.prompt.version', toText)],
  },
};

/** Gemini CLI writes the id of its session there. */
function givenPromptName(value: unknown, { span }: ReadContext): string | undefined {
  return value === span.attributes['gen_ai.conversation.id'] ? undefined : toGivenName(value);
}

/** Some emitters (ax) write the usage into an event of that name, under the attributes' own names. */
function inUsageEvent(key: string): Source<number> {
  return events('gen_ai.usage', (list) => {
    for (const { name, attributes } of list) {
      const count = name === 'gen_ai.usage' ? toCount(attributes[key]) : undefined;
      if (count !== undefined) return count;
    }
    return undefined;
  });
}

function finishReasonOfMessages(value: unknown): string | undefined {
  return readMessages(value, 'assistant')?.findLast(({ finishReason }) => finishReason)?.finishReason;
}

/** A model call that ended with a tool call and names a tool (OpenLIT) says what was called. */
function calledTool(value: unknown, context: ReadContext): readonly Message[] | undefined {
  const name = toText(value);
  const { attributes } = context.span;
  const reason = firstFinishReason(attributes['gen_ai.response.finish_reasons']);
  if (name === undefined || reason === undefined || foldFinishReason(reason) !== 'tool_calls')
    return undefined;
  const id = toText(attributes['gen_ai.tool.call.id']);
  const args = context.json('gen_ai.tool.args') ?? context.json('gen_ai.tool.call.arguments');
  return [
    {
      role: 'assistant',
      parts: [{ type: 'tool_call', ...(id === undefined ? {} : { id }), name, arguments: args }],
    },
  ];
}
