import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function decorated(kind: string, name: string, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    name: `${name}.${kind}`,
    kind: 'internal',
    scope: 'agentops',
    attributes: { 'agentops.span.kind': kind, 'operation.name': name, ...attributes },
  };
}

describe('AgentOps', () => {
  itReads([
    {
      rule: 'the session is the run, with its name and tags',
      span: decorated('session', 'trip', {
        'agentops.tags': ['travel'],
        'agentops.entity.input': '{"args": ["To Rome?"], "kwargs": {}}',
        'agentops.entity.output': 'By train.',
      }),
      call: {
        kind: 'workflow',
        framework: 'agentops',
        inputState: 'To Rome?',
        outputState: 'By train.',
        trace: { traceName: 'trip', tags: ['travel'] },
      },
    },
    {
      rule: 'a tool has its arguments and its result',
      span: decorated('tool', 'trains', {
        'agentops.tool.input': '{"args": [], "kwargs": {"to": "Rome"}}',
        'agentops.tool.output': '{"minutes": 190}',
      }),
      call: { kind: 'tool', toolName: 'trains', inputState: { to: 'Rome' }, outputState: { minutes: 190 } },
    },
    {
      rule: 'an agent has its name',
      span: decorated('agent', 'planner'),
      call: { kind: 'agent', agentName: 'planner' },
    },
    {
      rule: 'a call has the name of the library of the provider as its scope',
      span: {
        name: 'openai.chat.completion',
        scope: 'openai',
        attributes: {
          'gen_ai.request.type': 'chat',
          'gen_ai.system': 'OpenAI',
          'gen_ai.request.model': 'gpt-4o-mini',
          'gen_ai.request.streaming': true,
          'gen_ai.streaming.time_to_first_token': 0.28,
          'gen_ai.prompt.0.role': 'user',
          'gen_ai.prompt.0.content': 'To Rome?',
          'gen_ai.completion.0.role': 'assistant',
          'gen_ai.completion.0.content': 'By train.',
          'gen_ai.usage.prompt_tokens': 16,
          'gen_ai.usage.completion_tokens': 8,
        },
      },
      call: {
        kind: 'generation',
        framework: 'agentops',
        streaming: true,
        timeToFirstTokenSeconds: 0.28,
        usage: { inputTokens: 16, outputTokens: 8 },
      },
    },
    {
      rule: 'a tool that the model asked for is no call of its own',
      span: {
        name: 'tool_call.trains',
        kind: 'internal',
        scope: 'agentops.instrumentation.providers.openai.wrappers.chat',
        attributes: { 'tool.name': 'trains', 'tool.parameters': '{"to":"Rome"}', 'tool.call.id': 'call_1' },
      },
      call: { kind: 'tool', toolName: 'trains', inputState: { to: 'Rome' } },
    },
  ]);
});
