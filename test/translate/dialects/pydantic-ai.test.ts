import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

const json = JSON.stringify;

function pydantic(name: string, attributes: Record<string, unknown> = {}): SpanParts {
  return { name, kind: 'internal', scope: 'pydantic-ai', attributes };
}

const chat = (attributes: Record<string, unknown>) =>
  pydantic('chat gpt-4o', {
    'gen_ai.operation.name': 'chat',
    'gen_ai.system': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    ...attributes,
  });

const names: readonly DialectRow[] = [
  ['agent run', 'agent'],
  ['running tool', 'tool'],
  ['running 2 tools', 'step'],
  ['running tools', 'step'],
  ['preparing', 'span'],
].map(([name = '', kind]) => ({ rule: `${name} is ${kind}`, span: pydantic(name), call: { kind } }));

const CONVERSATION = json([
  { role: 'user', parts: [{ type: 'text', content: 'before' }] },
  { role: 'assistant', parts: [{ type: 'text', content: 'yes' }] },
  { role: 'user', parts: [{ type: 'text', content: 'now' }] },
  { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: {} }] },
  { role: 'user', parts: [{ type: 'tool_call_response', id: 'c1', name: 'f', result: 'r' }] },
  { role: 'assistant', parts: [{ type: 'text', content: 'done' }] },
]);

describe('kinds', () => {
  itReads([
    ...names,
    {
      rule: 'chat is the call',
      span: chat({}),
      call: { kind: 'generation', dialect: 'pydantic-ai', framework: 'pydantic-ai', provider: 'openai' },
    },
    {
      rule: 'an agent of version 1 has a model and usage, but is none',
      span: pydantic('weather run', {
        agent_name: 'weather',
        model_name: 'gpt-4o',
        'gen_ai.usage.input_tokens': 100,
        all_messages_events: '[]',
      }),
      call: { kind: 'agent', agentName: 'weather', model: 'gpt-4o' },
      absent: ['usage'],
    },
    {
      rule: 'an agent’s aggregated usage is nobody’s',
      span: pydantic('invoke_agent w', {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'w',
        'gen_ai.aggregated_usage.input_tokens': 100,
      }),
      call: { kind: 'agent', agentName: 'w' },
      absent: ['usage'],
    },
  ]);
});

describe('content', () => {
  itReads([
    {
      rule: 'the events of version 1',
      span: chat({
        events: json([
          { 'event.name': 'gen_ai.system.message', content: 'Be brief.', role: 'system' },
          { 'event.name': 'gen_ai.user.message', content: 'Hi', role: 'user' },
          { 'event.name': 'gen_ai.choice', index: 0, message: { role: 'assistant', content: 'Ho' } },
        ]),
      }),
      call: {
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        ],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
      },
    },
    {
      rule: 'messages with thinking and results of tools',
      span: chat({
        'gen_ai.input.messages': json([
          { role: 'user', parts: [{ type: 'tool_call_response', id: 'c1', name: 'f', result: { a: 1 } }] },
        ]),
        'gen_ai.output.messages': json([
          {
            role: 'assistant',
            parts: [
              { type: 'thinking', content: 'hm' },
              { type: 'text', content: 'Ho' },
            ],
            finish_reason: 'stop',
          },
        ]),
      }),
      call: {
        input: [{ parts: [{ type: 'tool_result', id: 'c1', result: { a: 1 } }] }],
        output: [
          {
            parts: [
              { type: 'reasoning', text: 'hm' },
              { type: 'text', text: 'Ho' },
            ],
          },
        ],
        finishReason: 'stop',
      },
    },
    {
      rule: 'a run is split where the model first answered in it',
      span: pydantic('agent run', {
        'pydantic_ai.all_messages': CONVERSATION,
        'pydantic_ai.new_message_index': 2,
      }),
      call: {
        input: [{ role: 'user' }, { role: 'assistant' }, { parts: [{ type: 'text', text: 'now' }] }],
        output: [
          { parts: [{ type: 'tool_call', name: 'f' }] },
          { parts: [{ type: 'tool_result', result: 'r' }] },
          { parts: [{ type: 'text', text: 'done' }] },
        ],
      },
    },
    {
      rule: 'without the index the last answer is the output',
      span: pydantic('agent run', { 'pydantic_ai.all_messages': CONVERSATION }),
      call: { output: [{ parts: [{ type: 'text', text: 'done' }] }] },
    },
    {
      rule: 'the final result of a run',
      span: pydantic('agent run', { final_result: '{"city":"Paris"}' }),
      call: { outputState: { city: 'Paris' } },
    },
    {
      rule: 'a tool of version 2',
      span: pydantic('running tool', {
        'gen_ai.tool.name': 'f',
        tool_arguments: '{"a":1}',
        tool_response: 'ok',
      }),
      call: { kind: 'tool', toolName: 'f', inputState: { a: 1 }, outputState: 'ok' },
    },
    {
      rule: 'the tools of the request and its output mode',
      span: chat({
        model_request_parameters: json({
          function_tools: [{ name: 'f', description: 'd', parameters_json_schema: { type: 'object' } }],
          output_mode: 'text',
          output_tools: [],
        }),
      }),
      call: {
        tools: [{ name: 'f', description: 'd', parameters: { type: 'object' } }],
        parameters: { output_mode: 'text' },
      },
    },
  ]);
});

describe('numbers', () => {
  itReads([
    {
      rule: 'audio, and Vertex by its registry name',
      span: chat({
        'gen_ai.provider.name': 'google-vertex',
        'gen_ai.usage.details.input_audio_tokens': 3,
        'gen_ai.usage.details.output_audio_tokens': 4,
      }),
      call: { provider: 'gcp.vertex_ai', usage: { audioInputTokens: 3, audioOutputTokens: 4 } },
    },
    {
      rule: 'usage details, price and first token',
      span: chat({
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'gen_ai.usage.details.cache_read_tokens': 30,
        'gen_ai.usage.details.cache_write_tokens': 5,
        'gen_ai.usage.details.reasoning_tokens': 4,
        'operation.cost': 0.01,
        'gen_ai.client.operation.time_to_first_chunk': 0.4,
      }),
      call: {
        usage: {
          inputTokens: 100,
          cacheReadTokens: 30,
          cacheWriteTokens: 5,
          reasoningTokens: 4,
          cacheReporting: 'inclusive',
          reasoningReporting: 'inclusive',
        },
        cost: { totalUsd: 0.01 },
        timeToFirstTokenSeconds: 0.4,
      },
    },
    {
      rule: 'Google’s API by its registry name',
      span: chat({ 'gen_ai.system': 'google-gla', 'gen_ai.request.model': 'gemini-2.5-flash' }),
      call: { provider: 'gcp.gemini' },
    },
    {
      rule: 'metadata of the agent',
      span: pydantic('agent run', { metadata: '{"tier":"pro"}' }),
      call: { trace: { metadata: { tier: 'pro' } } },
    },
  ]);
});
