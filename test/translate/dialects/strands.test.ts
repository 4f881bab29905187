import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

const PYTHON = 'strands.telemetry.tracer';
const JAVASCRIPT = 'strands-agents';

type Events = NonNullable<SpanParts['events']>;

function event(name: string, attributes: Record<string, unknown>): Events[number] {
  return { name, timeMs: undefined, attributes };
}

function strands(
  operation: string,
  attributes: Record<string, unknown>,
  more: Partial<SpanParts> = {},
): SpanParts {
  return {
    name: operation,
    kind: 'internal',
    scope: JAVASCRIPT,
    attributes: { 'gen_ai.operation.name': operation, 'gen_ai.system': 'strands-agents', ...attributes },
    ...more,
  };
}

const CACHED = {
  'gen_ai.usage.input_tokens': 2000,
  'gen_ai.usage.output_tokens': 10,
  'gen_ai.usage.cache_read_input_tokens': 100,
  'gen_ai.usage.cache_write_input_tokens': 50,
};

describe('kinds', () => {
  itReads([
    {
      rule: 'chat is the call',
      span: strands('chat', { 'gen_ai.request.model': 'gpt-4o' }),
      call: { kind: 'generation', dialect: 'strands', framework: 'strands', provider: 'openai' },
    },
    {
      rule: 'an agent repeats the usage of its life',
      span: strands('invoke_agent', { 'gen_ai.agent.name': 'a', 'gen_ai.usage.input_tokens': 66 }),
      call: { kind: 'agent', agentName: 'a' },
      absent: ['usage'],
    },
    {
      rule: 'an agent marked as a span for Langfuse',
      span: strands('invoke_agent', { 'langfuse.observation.type': 'span' }),
      call: { kind: 'agent', dialect: 'strands' },
    },
    {
      rule: 'a swarm is an agent',
      span: strands('invoke_swarm', {}, { kind: 'client' }),
      call: { kind: 'agent' },
    },
    {
      rule: 'a node of a graph is a step',
      span: strands('execute_node', { 'gen_ai.event.start_time': 'x', 'gen_ai.usage.input_tokens': 5 }),
      call: { kind: 'step' },
      absent: ['usage'],
    },
    {
      rule: 'a search in memory',
      span: strands(
        'memory.search',
        {},
        {
          events: [
            event('memory.query', { content: 'Paris' }),
            event('memory.results', { content: '[{"content":"capital"}]' }),
          ],
        },
      ),
      call: { kind: 'memory', inputState: 'Paris', outputState: [{ content: 'capital' }] },
    },
    {
      rule: 'a cycle in Python',
      span: { name: 'execute_event_loop_cycle', scope: PYTHON, attributes: { 'event_loop.cycle_id': '1' } },
      call: { kind: 'step' },
    },
    {
      rule: 'a cycle in JavaScript under the scope of the service',
      span: {
        name: 'execute_agent_loop_cycle',
        scope: 'my-service',
        attributes: { 'agent_loop.cycle_id': 'cycle-1' },
      },
      call: { kind: 'step', dialect: 'strands' },
    },
  ]);
});

describe('facts', () => {
  itReads([
    {
      rule: 'the system prompt of an agent and its tools in Python',
      span: strands(
        'invoke_agent',
        {
          'gen_ai.agent.system_prompt': 'Be brief.',
          'gen_ai.agent.tools': '["get_weather"]',
          'gen_ai.event.end_time': '2026-01-15T12:00:01+00:00',
        },
        { scope: 'my-service' },
      ),
      call: {
        dialect: 'strands',
        input: [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }],
        tools: [{ name: 'get_weather' }],
      },
    },
    {
      rule: 'what several agents were given',
      span: strands('invoke_graph', { 'gen_ai.agent.input': '[{"text":"Hi"}]' }),
      call: { kind: 'agent', inputState: [{ text: 'Hi' }] },
    },
    {
      rule: 'the name of the service is no vendor',
      span: strands(
        'chat',
        {
          'gen_ai.system': 'my-service',
          'gen_ai.event.start_time': '2026-01-15T12:00:00.000Z',
          'gen_ai.request.model': 'us.anthropic.claude-sonnet-4-20250514-v1:0',
        },
        { scope: 'my-service' },
      ),
      call: { provider: 'aws.bedrock', dialect: 'strands' },
    },
    {
      rule: 'Python hands on counts of Bedrock without cached tokens',
      span: strands(
        'chat',
        { 'gen_ai.request.model': 'us.anthropic.claude-x', ...CACHED },
        { scope: PYTHON },
      ),
      call: { usage: { cacheReadTokens: 100, cacheWriteTokens: 50, cacheReporting: 'exclusive' } },
    },
    {
      rule: 'Python hands on counts of OpenAI with cached tokens',
      span: strands('chat', { 'gen_ai.request.model': 'gpt-4o', ...CACHED }, { scope: PYTHON }),
      call: { usage: { cacheReporting: 'inclusive' } },
    },
    {
      rule: 'Python with OpenTelemetry’s names counts cached tokens in',
      span: strands(
        'chat',
        {
          'gen_ai.request.model': 'us.anthropic.claude-x',
          ...CACHED,
          'gen_ai.usage.cache_read.input_tokens': 100,
        },
        { scope: PYTHON },
      ),
      call: { usage: { cacheReporting: 'inclusive' } },
    },
    {
      rule: 'JavaScript counts cached tokens in',
      span: strands('chat', {
        'gen_ai.request.model': 'us.anthropic.claude-x',
        ...CACHED,
        'gen_ai.usage.cache_creation.input_tokens': 50,
      }),
      call: { usage: { cacheReporting: 'inclusive' } },
    },
    {
      rule: 'the first token in milliseconds',
      span: strands('chat', { 'gen_ai.server.time_to_first_token': 250 }, { scope: PYTHON }),
      call: { timeToFirstTokenSeconds: 0.25 },
    },
    {
      rule: 'a first token at 0 was not measured',
      span: strands('chat', { 'gen_ai.server.time_to_first_token': 0 }, { scope: PYTHON }),
      absent: ['timeToFirstTokenSeconds'],
    },
    {
      rule: 'a tool that failed',
      span: strands('execute_tool', { 'gen_ai.tool.status': 'error' }),
      call: { kind: 'tool', error: {} },
    },
  ]);
});

describe('content', () => {
  itReads([
    {
      rule: 'messages of events, with a tool call',
      span: strands(
        'chat',
        { 'gen_ai.request.model': 'gpt-4o' },
        {
          events: [
            event('gen_ai.user.message', { content: '[{"text":"Weather?"}]' }),
            event('gen_ai.choice', {
              finish_reason: 'toolUse',
              message: '[{"type":"toolUse","name":"get_weather","toolUseId":"t1","input":{"city":"Paris"}}]',
            }),
          ],
        },
      ),
      call: {
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Weather?' }] }],
        output: [
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 't1', name: 'get_weather', arguments: { city: 'Paris' } }],
          },
        ],
        finishReason: 'tool_calls',
      },
    },
    {
      rule: 'arguments and result of a tool',
      span: strands(
        'execute_tool',
        { 'gen_ai.tool.name': 'get_weather' },
        {
          events: [
            event('gen_ai.tool.message', { role: 'tool', content: '{"city":"Paris"}', id: 't1' }),
            event('gen_ai.choice', { message: '[{"text":"18"}]', id: 't1' }),
          ],
        },
      ),
      call: { toolName: 'get_weather', inputState: { city: 'Paris' }, outputState: [{ text: '18' }] },
    },
    {
      rule: 'arguments and result in the newest conventions',
      span: strands(
        'execute_tool',
        {},
        {
          events: [
            event('gen_ai.client.inference.operation.details', {
              'gen_ai.input.messages':
                '[{"role":"tool","parts":[{"type":"tool_call","name":"f","id":"t1","arguments":{"a":1}}]}]',
            }),
            event('gen_ai.client.inference.operation.details', {
              'gen_ai.output.messages':
                '[{"role":"tool","parts":[{"type":"tool_call_response","id":"t1","response":[{"text":"ok"}]}]}]',
            }),
          ],
        },
      ),
      call: { inputState: { a: 1 }, outputState: [{ text: 'ok' }] },
    },
    {
      rule: 'the system prompt of an agent, in JSON quotes in JavaScript',
      span: strands(
        'invoke_agent',
        { system_prompt: '"Be brief."' },
        {
          events: [event('gen_ai.user.message', { content: '[{"text":"Hi"}]' })],
        },
      ),
      call: {
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        ],
      },
    },
  ]);
});
