import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function span(template: string, attributes: Record<string, unknown>): SpanParts {
  return {
    name: template,
    kind: 'internal',
    scope: 'logfire.openai_agents',
    attributes: { 'logfire.msg_template': template, 'logfire.span_type': 'span', ...attributes },
  };
}

describe('OpenAI Agents through Logfire', () => {
  itReads([
    {
      rule: 'the trace names the run and its conversation',
      span: span('OpenAI Agents trace: {name}', {
        name: 'Weather chat',
        group_id: 'conv-42',
        metadata: '{"user_id":"user-1","plan":"pro"}',
      }),
      call: {
        kind: 'workflow',
        framework: 'openai-agents',
        trace: { traceName: 'Weather chat', sessionId: 'conv-42', user: 'user-1', metadata: { plan: 'pro' } },
      },
    },
    {
      rule: 'a function is a tool with its input and output',
      span: span('Function: {name}', { name: 'weather', input: '{"city":"Paris"}', output: '{"c":18}' }),
      call: { kind: 'tool', toolName: 'weather', inputState: { city: 'Paris' }, outputState: { c: 18 } },
    },
    {
      rule: 'an agent has its name',
      span: span('Agent run: {name!r}', { name: 'Triage', 'logfire.msg': "Agent run: 'Triage'" }),
      call: { kind: 'agent', agentName: 'Triage', trace: { generationName: "Agent run: 'Triage'" } },
    },
    {
      rule: 'a handoff says from whom to whom',
      span: span('Handoff: {from_agent} → {to_agent}', { from_agent: 'Triage', to_agent: 'Geo' }),
      call: { kind: 'handoff', inputState: { from: 'Triage', to: 'Geo' } },
    },
    {
      rule: 'a turn is a step whose usage its call has recorded',
      span: span('Turn {turn} for agent Triage', {
        sdk_span_type: 'turn',
        agent_name: 'Triage',
        usage: '{"input_tokens":79,"output_tokens":1}',
      }),
      call: { kind: 'step', agentName: 'Triage' },
      absent: ['usage'],
    },
    {
      rule: 'a task sums up its turns',
      span: span('Task: Agent workflow', { sdk_span_type: 'task', usage: '{"input_tokens":79}' }),
      call: { kind: 'task' },
      absent: ['usage'],
    },
    {
      rule: 'a request to a model is known by its operation',
      span: span('Responses API with {gen_ai.request.model!r}', {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.usage.input_tokens': 79,
      }),
      call: { kind: 'generation', usage: { inputTokens: 79 } },
    },
  ]);
});
