import type { CallKind } from '../call/llm-call.ts';
import type { Dialect } from './dialect.ts';
import { messages, systemText } from './shared/message-sources.ts';
import { attribute, metadataIn, own, ownAttribute, parameter, structured } from './shared/sources.ts';
import { oneOf, toBoolean, toContent, toCount, toModelName, toText } from './shared/values.ts';

const SPAN_TYPES: Readonly<Record<string, CallKind>> = {
  llm: 'generation',
  embedding: 'embedding',
  tool: 'tool',
  agent: 'agent',
  memory: 'memory',
  retriever: 'retriever',
  guardrail: 'guardrail',
  middleware: 'step',
  summary: 'step',
  workflow: 'workflow',
  'workflow-step': 'step',
  step: 'step',
};

/** What the span belongs to; only the entity's own root has no type. */
const ENTITY_TYPES: Readonly<Record<string, CallKind>> = { agent: 'agent', workflow: 'workflow' };

/**
 * VoltAgent. The model call below an agent has the prompt and the usage; the answer stands on the agent alone, beside
 * the sum of all its calls. Source: `@voltagent/core` (open-telemetry/trace-context.ts, agent/agent.ts).
 */
export const voltagent: Dialect = {
  id: 'voltagent',
  title: 'VoltAgent',
  framework: 'voltagent',
  detect: { scopes: ['@voltagent/*'], prefixes: ['voltagent.'] },
  cacheReporting: () => 'inclusive',
  reasoningReporting: () => 'inclusive',
  fields: {
    kind: [
      ownAttribute('span.type', oneOf(SPAN_TYPES)),
      own(
        attribute('entity.type', (value, { span }) =>
          span.attributes['span.type'] === undefined ? oneOf(ENTITY_TYPES)(value) : undefined,
        ),
      ),
    ],

    requestModel: [ownAttribute('llm.model', toModelName), ownAttribute('ai.model.name', toModelName)],

    inputMessages: [own(messages('llm.messages', 'user')), own(messages('input', 'user'))],
    outputMessages: [own(messages('output', 'assistant'))],
    systemInstructions: [own(systemText('agent.instructions'))],
    inputState: [own(structured('input', toContent))],
    outputState: [own(structured('output', toContent))],
    toolName: [ownAttribute('tool.name', toText)],
    toolCallId: [ownAttribute('tool.call.id', toText)],

    parameters: [
      own(parameter('llm.temperature', 'temperature')),
      own(parameter('llm.max_output_tokens', 'max_tokens')),
      own(parameter('llm.top_p', 'top_p')),
      own(parameter('llm.stop_sequences', 'stop')),
    ],
    streaming: [ownAttribute('llm.stream', toBoolean)],

    cacheReadTokens: [ownAttribute('llm.usage.cached_tokens', toCount)],
    reasoningTokens: [ownAttribute('llm.usage.reasoning_tokens', toCount)],
    finishReason: [ownAttribute('llm.finish_reason', toText)],

    sessionId: [ownAttribute('conversation.id', toText), ownAttribute('voltagent.conversation_id', toText)],
    agentName: [
      ownAttribute('entity.name', (value, { span }) =>
        span.attributes['entity.type'] === 'agent' ? toText(value) : undefined,
      ),
    ],
    workflowName: [
      ownAttribute('entity.name', (value, { span }) =>
        span.attributes['entity.type'] === 'workflow' ? toText(value) : undefined,
      ),
    ],
    metadata: [own(metadataIn('agent.context'))],
  },
};
