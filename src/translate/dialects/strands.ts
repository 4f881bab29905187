import type { CallKind } from '../call/llm-call.ts';
import { readSystemInstructions } from '../messages/read-system-instructions.ts';
import { at, isRecord, parseJson } from '../messages/recorded-json.ts';
import type { SpanEventView } from '../span/span-view.ts';
import type { Dialect, KindContext, KindCorrection, ReadContext } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { toolList } from './shared/message-sources.ts';
import { attribute, events, firstChoice, ofSpan, own, ownAttribute, structured } from './shared/sources.ts';
import { millisecondsToSeconds, oneOf, toContent, toCount, toPositiveCount } from './shared/values.ts';

/** Stands where the vendor belongs: the framework in Python, the name of the service in JavaScript. */
const NO_VENDOR = 'strands-agents';

const DETAILS = 'gen_ai.client.inference.operation.details';

/**
 * AWS's Strands Agents. Content stands in span events. The JavaScript scope is the name of the service, so
 * the marks that Strands leaves on every span tell as well. The agent's usage accumulates over its whole
 * life.
 * Sources: `@strands-agents/sdk` 1.19, `strands-agents/sdk-python` (telemetry/tracer.py).
 */
export const strands: Dialect = {
  id: 'strands',
  title: 'Strands Agents',
  framework: 'strands',
  detect: {
    scopes: ['strands.telemetry.tracer', 'strands-agents'],
    attributes: [
      'gen_ai.event.start_time',
      'gen_ai.event.end_time',
      'event_loop.cycle_id',
      'agent_loop.cycle_id',
    ],
  },
  correctKind,
  cacheReporting,
  fields: {
    kind: [
      own(attribute('gen_ai.operation.name', kindOfOperation)),
      kindByName({ execute_event_loop_cycle: 'step', execute_agent_loop_cycle: 'step' }),
    ],
    provider: [firstChoice(own(ofSpan('no vendor is recorded', () => NO_VENDOR)))],

    systemInstructions: [
      attribute('gen_ai.agent.system_prompt', readSystemInstructions),
      own(structured('system_prompt', readSystemInstructions)),
    ],
    toolDefinitions: [toolList('gen_ai.agent.tools')],
    inputState: [
      own(events('tool arguments', ofTool(toolArguments))),
      own(events('memory.query', (list) => contentOf(list, 'memory.query'))),
      own(structured('gen_ai.agent.input', toContent)),
    ],
    outputState: [
      own(events('tool result', ofTool(toolResult))),
      own(events('memory.results', (list) => contentOf(list, 'memory.results'))),
    ],

    cacheWriteTokens: [attribute('gen_ai.usage.cache_write_input_tokens', toCount)],
    timeToFirstTokenSeconds: [
      ownAttribute('gen_ai.server.time_to_first_token', (value) =>
        millisecondsToSeconds(toPositiveCount(value)),
      ),
    ],
    isError: [ownAttribute('gen_ai.tool.status', (status) => (status === 'error' ? true : undefined))],
  },
};

const OPERATION_KINDS = oneOf<CallKind>({
  invoke_swarm: 'agent',
  invoke_graph: 'agent',
  execute_node: 'step',
});

function kindOfOperation(operation: unknown): CallKind | undefined {
  const isMemory = typeof operation === 'string' && operation.startsWith('memory.');
  return isMemory ? 'memory' : OPERATION_KINDS(operation);
}

/** With Langfuse as its destination, Strands marks the agent as a plain span. */
function correctKind({ kind, span }: KindContext): KindCorrection | undefined {
  if (kind !== 'span' || span.attributes['gen_ai.operation.name'] !== 'invoke_agent') return undefined;
  return { kind: 'agent', because: 'its operation is invoke_agent' };
}

/**
 * Newer releases count cached tokens in, and write OpenTelemetry's names for them. Older ones hand on what
 * the provider counts: Bedrock and Anthropic leave cached tokens out, the others do not.
 */
function cacheReporting(context: KindContext): 'inclusive' | 'exclusive' {
  if (COUNTED_IN.some((key) => key in context.span.attributes)) return 'inclusive';
  return /^(?:gpt|o\d|chatgpt|gemini|openai\/|gemini\/)/i.test(context.get('requestModel') ?? '')
    ? 'inclusive'
    : 'exclusive';
}

const COUNTED_IN = [
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.cache_creation.input_tokens',
] as const;

/** On tool spans the events hold arguments and result, on all others messages. */
function ofTool(read: (events: readonly SpanEventView[]) => unknown) {
  return (list: readonly SpanEventView[], { span }: ReadContext): unknown =>
    span.attributes['gen_ai.operation.name'] === 'execute_tool' ? read(list) : undefined;
}

function contentOf(list: readonly SpanEventView[], wanted: string): unknown {
  return toContent(list.find(({ name }) => name === wanted)?.attributes.content);
}

function toolArguments(list: readonly SpanEventView[]): unknown {
  const event = list.find(({ name }) => name === 'gen_ai.tool.message');
  return event ? toContent(event.attributes.content) : firstPart(list, 'gen_ai.input.messages', 'arguments');
}

function toolResult(list: readonly SpanEventView[]): unknown {
  const event = list.find(({ name }) => name === 'gen_ai.choice');
  return event ? toContent(event.attributes.message) : firstPart(list, 'gen_ai.output.messages', 'response');
}

/** The newest conventions wrap arguments and result into a message of one part. */
function firstPart(list: readonly SpanEventView[], key: string, field: string): unknown {
  const event = list.find(({ name, attributes }) => name === DETAILS && attributes[key] !== undefined);
  const messages = parseJson(event?.attributes[key]);
  const parts: unknown = Array.isArray(messages) ? at(messages[0], ['parts']) : undefined;
  const part: unknown = Array.isArray(parts) ? parts[0] : undefined;
  return isRecord(part) ? toContent(part[field]) : undefined;
}
