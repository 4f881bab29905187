import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';

describe('Ax', () => {
  const event = (name: string, attributes: Record<string, unknown>) => ({ name, timeMs: 1, attributes });

  itReads([
    {
      rule: 'usage, finish reason and called tools are in events',
      span: {
        name: 'AI Chat Request',
        scope: 'my-app',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o-mini',
          'gen_ai.request.llm_is_streaming': true,
        },
        events: [
          event('gen_ai.usage', {
            'gen_ai.usage.input_tokens': 65,
            'gen_ai.usage.output_tokens': 14,
            'gen_ai.usage.total_tokens': 79,
          }),
          event('gen_ai.choice', { finish_reason: 'function_call', index: 0, tool_names: 'f, g' }),
        ],
      },
      call: {
        kind: 'generation',
        dialect: 'ax',
        framework: 'ax',
        streaming: true,
        usage: { inputTokens: 65, outputTokens: 14, totalTokens: 79 },
        finishReason: 'tool_calls',
        output: [
          {
            role: 'assistant',
            parts: [
              { type: 'tool_call', name: 'f' },
              { type: 'tool_call', name: 'g' },
            ],
          },
        ],
      },
    },
    {
      rule: 'a tool',
      span: { name: 'Tool: f', scope: 'my-app', attributes: { 'tool.name': 'f', 'tool.mode': 'native' } },
      call: { kind: 'tool', toolName: 'f' },
    },
    {
      rule: 'a program',
      span: { name: 'AxGen > weather', scope: 'my-app', attributes: { signature_name: 'weather' } },
      call: { kind: 'chain', framework: 'ax' },
    },
  ]);
});
