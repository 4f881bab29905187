import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

const json = JSON.stringify;

describe('LiveKit', () => {
  const livekit = (name: string, attributes: Record<string, unknown> = {}): SpanParts => ({
    name,
    kind: 'internal',
    scope: 'livekit-agents',
    attributes,
  });

  const kinds: readonly DialectRow[] = [
    ['agent_session', 'workflow'],
    ['agent_turn', 'agent'],
    ['user_turn', 'step'],
    ['llm_node', 'span'],
    ['llm_request', 'generation'],
    ['llm_request_run', 'span'],
    ['function_tool', 'tool'],
    ['tts_node', 'span'],
  ].map(([name = '', kind]) => ({
    rule: `${name} is ${kind}`,
    span: livekit(name),
    call: { kind, dialect: 'livekit', framework: 'livekit' },
  }));

  const CHAT = json({
    items: [
      { id: 'i1', type: 'message', role: 'system', content: ['Be brief.'] },
      { id: 'i2', type: 'message', role: 'user', content: ['Hi'] },
    ],
  });

  itReads([
    ...kinds,
    ...[
      'lk.user_input',
      'lk.pii.user_input',
      'lk.user_transcript',
      'lk.pii.user_transcript',
      'lk.pii.input_text',
    ].map((key) => ({
      rule: `${key} is input`,
      span: livekit('user_turn', { [key]: 'Hi' }),
      call: { input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }] },
    })),
    ...['lk.instructions', 'lk.pii.instructions', 'lk.pii.agent_task.instructions'].map((key) => ({
      rule: `${key} is the system prompt`,
      span: livekit('agent_turn', { [key]: 'Be brief.' }),
      call: { input: [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }] },
    })),
    {
      rule: 'a tool in the names of all releases',
      span: livekit('function_tool', {
        'lk.function_tool.id': 'c1',
        'lk.pii.function_tool.arguments': '{"a":1}',
        'lk.function_tool.output': 'sunny',
      }),
      call: { inputState: { a: 1 }, outputState: 'sunny' },
    },
    {
      rule: 'tools offered, job and label of the agent',
      span: livekit('llm_request', {
        'lk.function_tools': ['f'],
        'lk.job_id': 'j1',
        'lk.agent_label': 'app.Greeter',
      }),
      call: { tools: [{ name: 'f' }], agentName: 'app.Greeter', trace: { metadata: { job_id: 'j1' } } },
    },
    {
      rule: 'context and answer beside OpenTelemetry’s names',
      span: livekit('llm_request', {
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.usage.input_tokens': 5,
        'gen_ai.usage.output_tokens': 2,
        'lk.chat_ctx': CHAT,
        'lk.response.text': 'Ho',
        'lk.response.ttft': 0.3,
      }),
      call: {
        kind: 'generation',
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        ],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
        usage: { inputTokens: 5, outputTokens: 2 },
        timeToFirstTokenSeconds: 0.3,
      },
    },
    {
      rule: 'the names of newer releases, with a tool call',
      span: livekit('llm_node', {
        'lk.pii.chat_ctx': CHAT,
        'lk.pii.response.function_calls': json([{ call_id: 'c1', name: 'f', arguments: '{}' }]),
      }),
      call: {
        input: [{ role: 'system' }, { role: 'user' }],
        output: [{ parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: '{}' }] }],
      },
    },
    {
      rule: 'a tool',
      span: livekit('function_tool', {
        'lk.function_tool.name': 'f',
        'lk.function_tool.arguments': '{"a":1}',
        'lk.pii.function_tool.output': 'sunny',
        'lk.function_tool.is_error': false,
      }),
      call: { toolName: 'f', inputState: { a: 1 }, outputState: 'sunny' },
      absent: ['error'],
    },
    {
      rule: 'a tool that failed',
      span: livekit('function_tool', { 'lk.function_tool.is_error': true }),
      call: { error: {} },
    },
    {
      rule: 'what is to be spoken, and what was heard',
      span: livekit('tts_node', { 'lk.input_text': 'Ho' }),
      call: { input: [{ role: 'user', parts: [{ type: 'text', text: 'Ho' }] }] },
    },
    {
      rule: 'agent, room and instructions',
      span: livekit('agent_turn', {
        'lk.agent_name': 'greeter',
        'lk.room_name': 'room-1',
        'lk.participant_identity': 'user-123',
        'lk.user_input': 'Hi',
        'lk.agent_task.instructions': 'Be brief.',
      }),
      call: {
        agentName: 'greeter',
        input: [{ role: 'system' }, { role: 'user' }],
        trace: { user: 'user-123', metadata: { room_name: 'room-1' } },
      },
    },
  ]);
});
