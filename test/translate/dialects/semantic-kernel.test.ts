import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function kernel(attributes: Record<string, unknown>, more: Partial<SpanParts> = {}): SpanParts {
  return { name: 'chat gpt-4o', scope: 'Microsoft.SemanticKernel.Diagnostics', attributes, ...more };
}

const operations: readonly DialectRow[] = [
  ['chat', 'generation'],
  ['chat.completions', 'generation'],
  ['chat.streaming_completions', 'generation'],
  ['text.completions', 'generation'],
  ['embeddings', 'embedding'],
  ['invoke_agent', 'agent'],
  ['execute_tool', 'tool'],
].map(([operation, kind]) => ({
  rule: `${operation} is ${kind}`,
  span: kernel({ 'gen_ai.operation.name': operation }),
  call: { kind, dialect: 'semantic-kernel', framework: 'semantic-kernel' },
}));

describe('kinds', () => {
  itReads([
    ...operations,
    {
      rule: 'a function of a plugin',
      span: kernel({ 'semantic_kernel.function.name': 'WeatherPlugin-Get' }),
      call: { kind: 'chain' },
    },
  ]);
});

describe('facts', () => {
  itReads([
    {
      rule: 'tokens and the finish reason of older releases',
      span: kernel({
        'gen_ai.operation.name': 'chat.completions',
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.response.prompt_tokens': 5,
        'gen_ai.response.completion_tokens': 2,
        'gen_ai.response.finish_reason': 'Stop',
      }),
      call: { usage: { inputTokens: 5, outputTokens: 2 }, finishReason: 'stop' },
      absent: ['streaming'],
    },
    {
      rule: 'a stream by its operation',
      span: kernel({ 'gen_ai.operation.name': 'chat.streaming_completions' }),
      call: { streaming: true },
    },
    {
      rule: 'content of events, as JSON in one attribute',
      span: kernel(
        { 'gen_ai.operation.name': 'chat' },
        {
          events: [
            {
              name: 'gen_ai.user.message',
              timeMs: undefined,
              attributes: { 'gen_ai.event.content': '{"role":"user","content":"Hi"}' },
            },
            {
              name: 'gen_ai.choice',
              timeMs: undefined,
              attributes: {
                'gen_ai.event.content':
                  '{"index":0,"message":{"role":"assistant","content":"Ho"},"finish_reason":"stop"}',
              },
            },
          ],
        },
      ),
      call: {
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
      },
    },
  ]);
});
