import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

describe('Bifrost', () => {
  const bifrost = (attributes: Record<string, unknown>, more: Partial<SpanParts> = {}): SpanParts => ({
    name: 'llm.call',
    scope: 'bifrost',
    resource: { 'service.name': 'bifrost' },
    attributes: { 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o', ...attributes },
    ...more,
  });

  itReads([
    {
      rule: 'a text completion with instructions, tools and parameters',
      span: bifrost({
        'gen_ai.input.text': 'Hi',
        'gen_ai.request.instructions': 'Be brief.',
        'gen_ai.request.tools': ['f'],
        'gen_ai.request.tool_choice_type': 'auto',
        'gen_ai.request.n': 2,
        'gen_ai.request.parallel_tool_calls': true,
        'gen_ai.usage.input_tokens': 10,
        'gen_ai.usage.prompt_token_details.text_tokens': 6,
        'gen_ai.usage.prompt_token_details.image_tokens': 4,
        'gen_ai.usage.completion_token_details.text_tokens': 3,
        'gen_ai.usage.completion_token_details.audio_tokens': 2,
        'gen_ai.usage.completion_token_details.image_tokens': 1,
      }),
      call: {
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        ],
        tools: [{ name: 'f' }],
        parameters: { tool_choice: 'auto', n: 2, parallel_tool_calls: true },
        usage: {
          textInputTokens: 6,
          imageInputTokens: 4,
          textOutputTokens: 3,
          audioOutputTokens: 2,
          imageOutputTokens: 1,
        },
      },
    },
    ...[
      'virtual_key_id',
      'team_id',
      'team_name',
      'customer_id',
      'customer_name',
      'routing_rule_name',
    ].flatMap((name) =>
      ['gen_ai.', 'bifrost.', ''].map((prefix) => ({
        rule: `${prefix}${name} is metadata`,
        span: bifrost({ [`${prefix}${name}`]: 'x' }),
        call: { trace: { metadata: { [name]: 'x' } } },
      })),
    ),
    {
      rule: 'parameters of an embedding',
      span: bifrost({ 'gen_ai.request.dimensions': '256', 'gen_ai.request.encoding_format': 'float' }),
      call: { parameters: { dimensions: 256, encoding_format: 'float' } },
    },
    {
      rule: 'an attempt that succeeded',
      span: bifrost({
        'gen_ai.input.messages': '[{"role":"user","content":"Hi"}]',
        'gen_ai.output.messages':
          '[{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","name":"f","args":"{}"}]}]',
        'gen_ai.usage.prompt_tokens': 100,
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.completion_tokens': 20,
        'gen_ai.usage.output_tokens': 20,
        'gen_ai.usage.cost': 0.01,
        'gen_ai.usage.prompt_token_details.cached_read_tokens': 50,
        'gen_ai.usage.prompt_token_details.cached_write_tokens': 5,
        'gen_ai.usage.prompt_token_details.audio_tokens': 3,
        'gen_ai.usage.completion_token_details.reasoning_tokens': 7,
        'gen_ai.response.finish_reason': 'tool_calls',
        'gen_ai.response.time_to_first_token': 350_000_000,
        'gen_ai.response.total_chunks': 12,
        'gen_ai.request.user': 'u1',
        'gen_ai.virtual_key_name': 'prod',
        'gen_ai.number_of_retries': 1,
        'gen_ai.fallback_index': 0,
      }),
      call: {
        kind: 'generation',
        dialect: 'bifrost',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: '{}' }] }],
        usage: {
          inputTokens: 100,
          outputTokens: 20,
          cacheReadTokens: 50,
          cacheWriteTokens: 5,
          audioInputTokens: 3,
          reasoningTokens: 7,
        },
        cost: { totalUsd: 0.01 },
        finishReason: 'tool_calls',
        timeToFirstTokenSeconds: 0.35,
        streaming: true,
        trace: {
          user: 'u1',
          metadata: { virtual_key_name: 'prod', number_of_retries: 1, fallback_index: 0 },
        },
      },
    },
    {
      rule: 'the first token in milliseconds of older releases',
      span: bifrost({ 'gen_ai.response.time_to_first_token': 350 }),
      call: { timeToFirstTokenSeconds: 0.35 },
    },
    {
      rule: 'an attempt that failed',
      span: bifrost({
        'gen_ai.error': 'Rate limit',
        'gen_ai.error.type': 'rate_limit_error',
        'gen_ai.error.code': '429',
      }),
      call: {
        kind: 'generation',
        error: { type: 'rate_limit_error', message: 'Rate limit' },
        httpStatus: 429,
      },
      absent: ['usage'],
    },
    {
      rule: 'an embedding',
      span: bifrost({
        'gen_ai.request.model': 'text-embedding-3-small',
        'gen_ai.input.embedding': '["a","b"]',
        'gen_ai.usage.prompt_tokens': 4,
      }),
      call: { kind: 'embedding', embeddingInput: ['a', 'b'], usage: { inputTokens: 4 } },
    },
    {
      rule: 'the incoming request repeats its attempts',
      span: bifrost(
        { 'gen_ai.operation.name': 'chat', 'gen_ai.input.messages': 'Hi', 'gen_ai.usage.input_tokens': 100 },
        { kind: 'server', name: '/v1/chat/completions' },
      ),
      call: { kind: 'span' },
      absent: ['usage'],
    },
    {
      rule: 'work of a plugin',
      span: bifrost({}, { kind: 'internal', name: 'plugin.logging.prehook' }),
      call: { kind: 'span' },
    },
    {
      rule: 'known by its marks under another name of the service',
      span: bifrost(
        { 'gen_ai.fallback_index': 1 },
        { scope: 'gateway', resource: { 'service.name': 'gateway' } },
      ),
      call: { dialect: 'bifrost' },
    },
  ]);
});
