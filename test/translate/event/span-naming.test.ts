import { expect, it } from 'vitest';
import { eventOf } from '../../support/events.ts';

const ID = '5b0f3c9e-8a55-4b43-9d3a-2f0e6f0c1a77';
const agent = (attributes: Record<string, unknown>) => ({
  'gen_ai.operation.name': 'invoke_agent',
  ...attributes,
});

it.each<[string, string, Record<string, unknown>, Record<string, unknown>]>([
  ['without the id of a run', `invoke_agent ${ID}`, agent({}), { $ai_span_name: 'invoke_agent' }],
  [
    'as the agent',
    `invoke_agent ${ID}`,
    agent({ 'gen_ai.agent.name': 'weather' }),
    { $ai_span_name: 'weather', $ai_agent_name: 'weather' },
  ],
  ...['Unnamed Agent', 'unknown', 'unknown_agent'].map(
    (name): [string, string, Record<string, unknown>, Record<string, unknown>] => [
      `as the operation where its agent is ${name}`,
      'invoke_agent',
      agent({ 'gen_ai.agent.name': name }),
      { $ai_span_name: 'invoke_agent', $ai_agent_name: undefined },
    ],
  ),
  [
    'without a prompt that is the id of the conversation',
    'chat m',
    { 'gen_ai.operation.name': 'chat', 'gen_ai.prompt.name': ID, 'gen_ai.conversation.id': ID },
    { $ai_span_name: 'chat m', $ai_prompt_name: undefined },
  ],
  [
    'with a prompt that has a name',
    'chat m',
    { 'gen_ai.operation.name': 'chat', 'gen_ai.prompt.name': 'geo', 'gen_ai.conversation.id': ID },
    { $ai_prompt_name: 'geo' },
  ],
  [
    'by what it is on the span of a web framework',
    'POST /v1/chat/completions',
    { 'llm.request.type': 'acompletion', 'gen_ai.request.model': 'gpt-4o', hidden_params: '{}' },
    { $ai_span_name: 'acompletion gpt-4o' },
  ],
])('a span is named %s', (_how, name, attributes, wanted) => {
  const { properties } = eventOf({ name, attributes });
  expect(Object.fromEntries(Object.keys(wanted).map((key) => [key, properties[key]]))).toEqual(wanted);
});

it('a span is named by the message that fills its template', () => {
  const name = 'Chat Completion with {request_data[model]!r}';
  const attributes = { request_data: '{"model":"gpt-4o"}', 'logfire.msg': "Chat Completion with 'gpt-4o'" };
  const { properties } = eventOf({ name, scope: 'logfire.openai', attributes });
  expect(properties.$ai_span_name).toBe("Chat Completion with 'gpt-4o'");
});
