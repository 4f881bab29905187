import type { CallKind } from '../call/llm-call.ts';
import type { Dialect, ReadContext } from './dialect.ts';
import { USER_KEYS } from './shared/metadata.ts';
import { attribute, inside, metadataIn, own, ownAttribute, structured } from './shared/sources.ts';
import { oneOf, toContent, toText } from './shared/values.ts';

const TEMPLATE = 'logfire.msg_template';
const SDK_TYPE = 'sdk_span_type';

/** By the fixed beginning of the message's template; requests to a model are known by their operation. */
const KINDS: readonly (readonly [beginning: string, kind: CallKind])[] = [
  ['OpenAI Agents trace', 'workflow'],
  ['Agent run', 'agent'],
  ['Function', 'tool'],
  ['Handoff', 'handoff'],
  ['Guardrail', 'guardrail'],
];

const SDK_KINDS = oneOf<CallKind>({ task: 'task', turn: 'step' });

/**
 * OpenAI's Agents SDK, recorded by Logfire. What a span stands for is known by the template of its message; the names of its
 * other attributes are common words. Source: `pydantic/logfire` (_internal/integrations/openai_agents.py).
 */
export const logfireAgents: Dialect = {
  id: 'logfire-agents',
  title: 'OpenAI Agents through Logfire',
  framework: 'openai-agents',
  detect: { scopes: ['logfire.openai_agents'] },
  fields: {
    kind: [ownAttribute(SDK_TYPE, SDK_KINDS), own(attribute(TEMPLATE, kindOfTemplate))],
    inputState: [own(structured('input', stateOfTool)), own(attribute('from_agent', handoff))],
    outputState: [own(structured('output', stateOfTool))],
    toolName: [own(attribute('name', nameOf('tool')))],
    agentName: [own(attribute('name', nameOf('agent'))), ownAttribute('agent_name', toText)],
    workflowName: [own(attribute('name', nameOf('workflow')))],
    traceName: [own(attribute('name', nameOf('workflow')))],
    generationName: [ownAttribute('logfire.msg', toText)],

    user: [own(inside('metadata', USER_KEYS, toText))],
    sessionId: [ownAttribute('group_id', toText)],
    metadata: [own(metadataIn('metadata'))],
  },
};

function kindOfTemplate(template: unknown): CallKind | undefined {
  if (typeof template !== 'string') return undefined;
  return KINDS.find(([beginning]) => template.startsWith(beginning))?.[1];
}

function nameOf(kind: CallKind) {
  return (value: unknown, { span }: ReadContext): string | undefined =>
    kindOfTemplate(span.attributes[TEMPLATE]) === kind ? toText(value) : undefined;
}

function stateOfTool(value: unknown, { span }: ReadContext): unknown {
  return kindOfTemplate(span.attributes[TEMPLATE]) === 'tool' ? toContent(value) : undefined;
}

function handoff(from: unknown, { span }: ReadContext): unknown {
  return toText(from) === undefined ? undefined : { from, to: span.attributes.to_agent };
}
