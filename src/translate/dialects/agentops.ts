import type { CallKind } from '../call/llm-call.ts';
import { isRecord } from '../messages/recorded-json.ts';
import type { Dialect, ReadContext } from './dialect.ts';
import { flattenedTools } from './shared/message-sources.ts';
import { attribute, own, ownAttribute, structured } from './shared/sources.ts';
import { oneOf, toBoolean, toContent, toCount, toText, toTextList } from './shared/values.ts';

/** `agentops.span.kind` of what the application decorates. */
const SPAN_KINDS: Readonly<Record<string, CallKind>> = {
  session: 'workflow',
  trace: 'workflow',
  workflow: 'workflow',
  agent: 'agent',
  operation: 'chain',
  task: 'task',
  tool: 'tool',
  guardrail: 'guardrail',
  llm: 'generation',
};

/** What is put before the name of a span, or behind it, instead of its kind. */
const TOOL_CALL = 'tool_call.';

/**
 * AgentOps. Calls of models have Traceloop's flattened messages and the name of the provider's library as their scope; each
 * tool that a model asks for is a span of its own below the call. Source: `AgentOps-AI/agentops` (agentops/semconvs).
 */
export const agentops: Dialect = {
  id: 'agentops',
  title: 'AgentOps',
  framework: 'agentops',
  detect: {
    scopes: ['agentops', 'agentops.*'],
    attributes: ['gen_ai.request.streaming'],
    prefixes: ['agentops.'],
  },
  fields: {
    kind: [
      ownAttribute('agentops.span.kind', oneOf(SPAN_KINDS)),
      own(
        attribute('tool.call.id', (_id, { span }) => (span.name.startsWith(TOOL_CALL) ? 'tool' : undefined)),
      ),
    ],
    toolDefinitions: [flattenedTools('gen_ai.request.functions.')],
    inputState: [
      own(structured('agentops.tool.input', argumentsOf)),
      own(structured('agentops.entity.input', argumentsOf)),
      own(structured('tool.parameters', toContent)),
    ],
    outputState: [
      own(structured('agentops.tool.output', toContent)),
      own(structured('agentops.entity.output', toContent)),
    ],
    toolName: [ownAttribute('tool.name', toText), own(attribute('operation.name', nameOfKind('tool')))],
    toolCallId: [ownAttribute('tool.call.id', toText)],
    agentName: [own(attribute('operation.name', nameOfKind('agent')))],
    workflowName: [own(attribute('operation.name', nameOfKind('workflow')))],
    traceName: [own(attribute('operation.name', nameOfKind('session')))],

    streaming: [ownAttribute('gen_ai.request.streaming', toBoolean)],
    timeToFirstTokenSeconds: [ownAttribute('gen_ai.streaming.time_to_first_token', toCount)],
    tags: [attribute('agentops.tags', toTextList)],
  },
};

function nameOfKind(kind: string) {
  return (value: unknown, { span }: ReadContext): string | undefined =>
    span.attributes['agentops.span.kind'] === kind ? toText(value) : undefined;
}

/** Python's arguments, `{args, kwargs}`: where one of the two is empty, the other is meant. */
function argumentsOf(value: unknown): unknown {
  if (!isRecord(value) || !Array.isArray(value.args) || !isRecord(value.kwargs)) return toContent(value);
  const { args, kwargs } = value;
  if (args.length === 0) return toContent(kwargs);
  if (Object.keys(kwargs).length > 0) return value;
  return args.length === 1 ? toContent(args[0]) : args;
}
