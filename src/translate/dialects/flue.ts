import type { CallKind } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import { readToolDefinitions } from '../messages/read-tool-definitions.ts';
import { isRecord } from '../messages/recorded-json.ts';
import type { SpanView } from '../span/span-view.ts';
import type { Dialect } from './dialect.ts';
import { attribute, inside, ofSpan, own, parameter, structured } from './shared/sources.ts';
import { toContent, toText } from './shared/values.ts';

/** By the attribute that only such a span has; the ids of everything around it stand on each span. */
const KIND_BY_MARK: readonly (readonly [mark: string, kind: CallKind])[] = [
  ['flue.tool.name', 'tool'],
  ['flue.tool.call_id', 'tool'],
  ['flue.task.agent', 'agent'],
  ['flue.task.prompt', 'agent'],
  ['flue.workflow.payload', 'workflow'],
  ['flue.workflow.name', 'workflow'],
  ['flue.compaction.reason', 'step'],
  ['flue.operation.kind', 'step'],
];

/**
 * Flue. A model's turn has OpenTelemetry's names for model and usage, and its conversation in `flue.turn.*`;
 * tools, tasks (agents called by agents) and workflows have `flue.*` alone. Source: `@flue/opentelemetry`.
 */
export const flue: Dialect = {
  id: 'flue',
  title: 'Flue',
  framework: 'flue',
  detect: { scopes: ['@flue/opentelemetry'], prefixes: ['flue.'] },
  fields: {
    kind: [own(ofSpan('attributes', kindByMark))],

    inputMessages: [structured('flue.turn.input', asked)],
    outputMessages: [structured('flue.turn.output', (value) => readMessages(value, 'assistant'))],
    toolDefinitions: [inside('flue.turn.input', 'tools', readToolDefinitions)],
    inputState: [
      structured('flue.tool.arguments', toContent),
      structured('flue.task.prompt', toContent),
      structured('flue.workflow.payload', toContent),
    ],
    outputState: [
      structured('flue.tool.result', toContent),
      structured('flue.task.result', toContent),
      structured('flue.operation.result', toContent),
      structured('flue.workflow.result', toContent),
    ],
    toolName: [attribute('flue.tool.name', toText)],
    toolCallId: [attribute('flue.tool.call_id', toText)],

    parameters: [parameter('flue.reasoning', 'reasoning_effort')],
    agentName: [attribute('flue.task.agent', toText)],
    workflowName: [attribute('flue.workflow.name', toText)],
  },
};

function kindByMark({ name, attributes }: SpanView): CallKind | undefined {
  const marked = KIND_BY_MARK.find(([mark]) => attributes[mark] !== undefined)?.[1];
  return marked ?? (name.startsWith('flue.operation') ? 'step' : undefined);
}

/** Answers of tools have a role of Flue's own. */
function asked(input: unknown): readonly Message[] | undefined {
  if (!isRecord(input) || !Array.isArray(input.messages)) return readMessages(input, 'user');
  const known = input.messages.map((message: unknown) =>
    isRecord(message) && message.role === 'toolResult' ? { ...message, role: 'tool' } : message,
  );
  return readMessages({ ...input, messages: known }, 'user');
}
