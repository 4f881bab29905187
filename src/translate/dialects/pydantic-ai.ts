import type { CallKind } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { readEventList } from '../messages/read-event-messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import { isRecord } from '../messages/recorded-json.ts';
import type { SpanView } from '../span/span-view.ts';
import type { Dialect, KindContext, KindCorrection } from './dialect.ts';
import {
  attribute,
  firstChoice,
  inside,
  metadataIn,
  ofSpan,
  own,
  ownAttribute,
  structured,
} from './shared/sources.ts';
import { oneOf, toContent, toCount, toModelName, toNumber, toText } from './shared/values.ts';

const ALL = 'pydantic_ai.all_messages';

/** Google's two APIs, by Pydantic AI's names for them. */
const PROVIDERS = { 'google-gla': 'gcp.gemini', 'google-vertex': 'gcp.vertex_ai' } as const;

/**
 * Pydantic AI, instrumentation versions 1 (everything in one `events` attribute) to 6. Newer versions write
 * OpenTelemetry's names beside its own. The agent's usage sums up its model calls, under any name.
 * Sources: `pydantic/pydantic-ai` (_instrumentation.py, models/instrumented.py).
 */
export const pydanticAi: Dialect = {
  id: 'pydantic-ai',
  title: 'Pydantic AI',
  framework: 'pydantic-ai',
  detect: { scopes: ['pydantic-ai'], prefixes: ['pydantic_ai.'], attributes: ['model_request_parameters'] },
  correctKind,
  cacheReporting: () => 'inclusive',
  reasoningReporting: () => 'inclusive',
  fields: {
    kind: [own(ofSpan('span name', kindOfName))],

    requestModel: [ownAttribute('model_name', toModelName)],
    provider: [
      firstChoice(own(attribute('gen_ai.provider.name', oneOf(PROVIDERS)))),
      firstChoice(own(attribute('gen_ai.system', oneOf(PROVIDERS)))),
    ],

    inputMessages: [
      attribute(
        ALL,
        (value, { span }) => splitConversation(value, span.attributes['pydantic_ai.new_message_index']).asked,
      ),
      own(attribute('all_messages_events', (value) => nonEmpty(readEventList(value)?.input))),
      own(attribute('events', (value) => nonEmpty(readEventList(value)?.input))),
    ],
    outputMessages: [
      own(attribute('events', (value) => nonEmpty(readEventList(value)?.output))),
      attribute(
        ALL,
        (value, { span }) =>
          splitConversation(value, span.attributes['pydantic_ai.new_message_index']).answered,
      ),
    ],
    toolDefinitions: [inside('model_request_parameters', 'function_tools', functionTools)],
    inputState: [own(structured('tool_arguments', toContent))],
    outputState: [own(structured('tool_response', toContent)), own(structured('final_result', toContent))],

    parameters: [
      inside('model_request_parameters', 'output_mode', (mode) => {
        const text = toText(mode);
        return text === undefined ? undefined : { output_mode: text };
      }),
    ],

    cacheReadTokens: [attribute('gen_ai.usage.details.cache_read_tokens', toCount)],
    cacheWriteTokens: [attribute('gen_ai.usage.details.cache_write_tokens', toCount)],
    reasoningTokens: [attribute('gen_ai.usage.details.reasoning_tokens', toCount)],
    audioInputTokens: [attribute('gen_ai.usage.details.input_audio_tokens', toCount)],
    audioOutputTokens: [attribute('gen_ai.usage.details.output_audio_tokens', toCount)],
    totalCostUsd: [attribute('operation.cost', toNumber)],

    metadata: [own(metadataIn('metadata'))],
    agentName: [ownAttribute('agent_name', toText)],
  },
};

/**
 * Names of version 1 and 2, which write no operation: `agent run`, `weather run`, `running tool`, `running 2
 * tools`.
 */
function kindOfName({ name }: SpanView): CallKind | undefined {
  if (name === 'running tool' || name.startsWith('running tool: ')) return 'tool';
  if (/^running (?:tools|\d{1,4} tools?|output function.{0,200})$/.test(name)) return 'step';
  return name === 'agent run' ? 'agent' : undefined;
}

/**
 * An agent may have given its span another name; it has a model and usage like a call, but those of all its
 * calls.
 */
function correctKind({ kind, span }: KindContext): KindCorrection | undefined {
  const { attributes } = span;
  const isAgent =
    attributes.agent_name !== undefined || 'all_messages_events' in attributes || ALL in attributes;
  if (kind !== undefined || !isAgent) return undefined;
  return { kind: 'agent', because: 'it holds the messages of a whole run and names no operation' };
}

/**
 * The messages of a run, split where the model first answered within it.
 * @param newMessageIndex how many messages of earlier runs stand before this run's
 */
function splitConversation(value: unknown, newMessageIndex: unknown) {
  const messages = readMessages(value, 'user') ?? [];
  const from = toCount(newMessageIndex);
  const answer =
    from === undefined
      ? messages.findLastIndex(({ role }) => role !== 'assistant') + 1
      : messages.findIndex(({ role }, index) => index >= from && role === 'assistant');
  const at = answer < 0 ? messages.length : answer;
  return { asked: nonEmpty(messages.slice(0, at)), answered: nonEmpty(messages.slice(at)) };
}

function nonEmpty(messages: readonly Message[] | undefined): readonly Message[] | undefined {
  return messages !== undefined && messages.length > 0 ? messages : undefined;
}

/** Pydantic AI names the schema after its kind. */
function functionTools(tools: unknown) {
  if (!Array.isArray(tools)) return undefined;
  return readToolDefinitions(
    tools.map((tool) =>
      isRecord(tool) ? { ...tool, parameters: tool.parameters_json_schema ?? tool.parameters } : tool,
    ),
  );
}
