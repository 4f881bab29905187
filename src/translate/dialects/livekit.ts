import { readMessages } from '../messages/read-messages.ts';
import { parseJson } from '../messages/recorded-json.ts';
import type { AttributeEntries, Dialect } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { messages, systemText, toolList } from './shared/message-sources.ts';
import { attribute, lastResort, prefixed, structured } from './shared/sources.ts';
import { toBoolean, toContent, toCount, toText } from './shared/values.ts';

/** Newer releases keep what may identify people under a name of its own. */
const PREFIXES = ['lk.', 'lk.pii.'] as const;

/** The same source for the names of all releases. */
function named<S>(source: (prefix: string) => S): S[] {
  return PREFIXES.map(source);
}

/**
 * LiveKit Agents (voice). Models, tokens and messages stand under OpenTelemetry's names on `llm_request`;
 * `lk.*` holds what the node around it and the speech models were given and gave. Source: `livekit/agents`
 * (telemetry/trace_types.py).
 */
export const livekit: Dialect = {
  id: 'livekit',
  title: 'LiveKit Agents',
  framework: 'livekit',
  detect: { scopes: ['livekit-agents'], prefixes: ['lk.'] },
  content: {
    input: ['lk.pii.*'],
    output: ['lk.response.*'],
  },
  fields: {
    kind: [
      kindByName({
        job_entrypoint: 'workflow',
        agent_session: 'workflow',
        agent_turn: 'agent',
        user_turn: 'step',
        llm_node: 'span',
        llm_request: 'generation',
        function_tool: 'tool',
      }),
    ],

    inputMessages: [
      ...named((prefix) => messages(`${prefix}input_text`, 'user')),
      ...named((prefix) => messages(`${prefix}chat_ctx`, 'user')),
      ...named((prefix) => messages(`${prefix}user_input`, 'user')),
      ...named((prefix) => messages(`${prefix}user_transcript`, 'user')),
    ],
    outputMessages: named((prefix) => prefixed(`${prefix}response.`, answer)),
    systemInstructions: [
      ...named((prefix) => systemText(`${prefix}agent_task.instructions`)),
      ...named((prefix) => systemText(`${prefix}instructions`)),
    ],
    toolDefinitions: [toolList('lk.function_tools')],
    inputState: named((prefix) => structured(`${prefix}function_tool.arguments`, toContent)),
    outputState: named((prefix) => structured(`${prefix}function_tool.output`, toContent)),
    toolName: [attribute('lk.function_tool.name', toText)],
    toolCallId: [attribute('lk.function_tool.id', toText)],

    timeToFirstTokenSeconds: [attribute('lk.response.ttft', toCount)],
    isError: [
      attribute('lk.function_tool.is_error', (value) => (toBoolean(value) === true ? true : undefined)),
    ],
    agentName: [attribute('lk.agent_name', toText), attribute('lk.agent_label', toText)],
    // Whom the application named in the token of the one who speaks.
    user: [lastResort(attribute('lk.participant_identity', toText))],
    metadata: ['room_name', 'job_id'].map((key) => attribute(`lk.${key}`, (value) => noted(key, value))),
  },
};

/** Text and tool calls of one answer. */
function answer(entries: AttributeEntries) {
  const response = Object.fromEntries(entries);
  const text = toText(response.text);
  const toolCalls = parseJson(response.function_calls);
  if (text === undefined && !Array.isArray(toolCalls)) return undefined;
  return readMessages({ text: text ?? '', ...(Array.isArray(toolCalls) ? { toolCalls } : {}) }, 'assistant');
}

function noted(key: string, value: unknown): Readonly<Record<string, unknown>> | undefined {
  return toText(value) === undefined ? undefined : { [key]: value };
}
