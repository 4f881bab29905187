import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function request(attributes: Record<string, unknown>): SpanParts {
  return {
    name: 'ai-gateway',
    kind: 'internal',
    scope: 'cloudflare',
    attributes: { 'gen_ai.request.model': 'gpt-4o', 'gen_ai.model.provider': 'openai', ...attributes },
  };
}

describe('Cloudflare AI Gateway', () => {
  itReads([
    {
      rule: 'one request',
      span: request({
        'gen_ai.prompt_json':
          '{"messages":[{"role":"user","content":"hi"}],"temperature":0.2,"tools":[{"type":"function","function":{"name":"f"}}]}',
        'gen_ai.completion_json': JSON.stringify({
          id: 'chatcmpl-1',
          model: 'gpt-4o-2024-08-06',
          choices: [{ index: 0, message: { role: 'assistant', content: 'ho' }, finish_reason: 'stop' }],
          usage: {
            prompt_tokens_details: { cached_tokens: 4 },
            completion_tokens_details: { reasoning_tokens: 1 },
          },
        }),
        'gen_ai.usage.input_tokens': 9,
        'gen_ai.usage.output_tokens': 3,
        'gen_ai.usage.cost': 0.001,
      }),
      call: {
        kind: 'generation',
        dialect: 'cloudflare',
        provider: 'openai',
        model: 'gpt-4o-2024-08-06',
        requestedModel: 'gpt-4o',
        responseId: 'chatcmpl-1',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'ho' }] }],
        finishReason: 'stop',
        tools: [{ name: 'f' }],
        parameters: { temperature: 0.2 },
        usage: {
          inputTokens: 9,
          outputTokens: 3,
          cacheReadTokens: 4,
          cacheReporting: 'inclusive',
          reasoningTokens: 1,
        },
        cost: { totalUsd: 0.001 },
      },
    },
    {
      rule: "Anthropic's own counts are without cache",
      span: request({
        'gen_ai.model.provider': 'anthropic',
        'gen_ai.completion_json': '{"usage":{"cache_read_input_tokens":4,"cache_creation_input_tokens":2}}',
        'gen_ai.usage.input_tokens': 900,
      }),
      call: { usage: { cacheReadTokens: 4, cacheWriteTokens: 2, cacheReporting: 'exclusive' } },
    },
    {
      rule: 'a request without content is a generation all the same',
      span: request({}),
      call: { kind: 'generation' },
    },
    {
      rule: 'embeddings, without their vectors',
      span: request({
        'gen_ai.request.model': 'custom',
        'gen_ai.prompt_json': '{"input":["red","green"]}',
        'gen_ai.completion_json': '{"object":"list","data":[{"embedding":[0.1]}]}',
      }),
      call: { kind: 'embedding', embeddingInput: ['red', 'green'] },
      absent: ['output', 'outputState'],
    },
    {
      rule: 'the keys of the metadata header are bare attributes',
      span: request({ user_id: 'user-123', conversation_id: 'conv-42', plan: 'pro', beta: true }),
      call: { trace: { user: 'user-123', sessionId: 'conv-42', metadata: { plan: 'pro', beta: true } } },
    },
    {
      rule: 'bare attributes of other spans are no metadata',
      span: { scope: 'other', attributes: { 'gen_ai.request.model': 'm', user_id: 'user-123', plan: 'pro' } },
      call: { trace: { user: 'user-123' } },
      absent: ['trace.metadata'],
    },
  ]);
});
