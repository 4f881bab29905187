import { describe, expect, it } from 'vitest';
import { itReads, readParts } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function broadcast(attributes: Record<string, unknown>, parts: SpanParts = {}): SpanParts {
  return {
    name: 'LLM Generation',
    scope: 'openrouter',
    resource: { 'service.name': 'openrouter', 'openrouter.trace.id': 'gen-1' },
    ...parts,
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'openai/gpt-4o', ...attributes },
  };
}

const prompt = '{"messages":[{"role":"user","content":"hi"}]}';

describe('OpenRouter Broadcast', () => {
  itReads([
    {
      rule: 'one request',
      span: broadcast({
        'gen_ai.system': 'openrouter',
        'gen_ai.provider.name': 'openai',
        'gen_ai.response.model': 'openai/gpt-4o-2024-08-06',
        'gen_ai.response.id': 'gen-1',
        'gen_ai.response.finish_reason': 'tool_calls',
        'gen_ai.prompt': prompt,
        'gen_ai.completion': JSON.stringify({
          completion: 'Let me look.',
          reasoning: 'Weather is asked.',
          toolCalls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } }],
          rawRequest: {
            temperature: 0.2,
            tools: [{ type: 'function', function: { name: 'weather' } }],
            messages: [],
          },
        }),
        'gen_ai.usage.input_tokens': 54,
        'gen_ai.usage.output_tokens': 18,
        'gen_ai.usage.input_tokens.cached': 40,
        'gen_ai.usage.input_tokens.cache_write': 2,
        'gen_ai.usage.output_tokens.reasoning': 7,
        'gen_ai.usage.input_cost': 0.1,
        'gen_ai.usage.output_cost': 0.2,
        'gen_ai.usage.total_cost': 0.3,
        'trace.metadata.openrouter.first_token_ms': 250,
        'trace.metadata.openrouter_generation.streamed': true,
      }),
      call: {
        kind: 'generation',
        dialect: 'openrouter',
        provider: 'openai',
        model: 'openai/gpt-4o-2024-08-06',
        responseId: 'gen-1',
        finishReason: 'tool_calls',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
        output: [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', text: 'Weather is asked.' },
              { type: 'text', text: 'Let me look.' },
              { type: 'tool_call', id: 'c1', name: 'weather' },
            ],
          },
        ],
        tools: [{ name: 'weather' }],
        parameters: { temperature: 0.2 },
        usage: {
          inputTokens: 54,
          outputTokens: 18,
          cacheReadTokens: 40,
          cacheWriteTokens: 2,
          cacheReporting: 'inclusive',
          reasoningTokens: 7,
          reasoningReporting: 'inclusive',
        },
        cost: { inputUsd: 0.1, outputUsd: 0.2, totalUsd: 0.3 },
        timeToFirstTokenSeconds: 0.25,
        streaming: true,
      },
    },
    {
      rule: 'prompt and completion tokens of the webhook form',
      span: broadcast({ 'gen_ai.usage.prompt_tokens': 5, 'gen_ai.usage.completion_tokens': 2 }),
      call: { usage: { inputTokens: 5, outputTokens: 2 } },
    },
    {
      rule: 'Claude too is counted with its cache',
      span: broadcast({
        'gen_ai.request.model': 'anthropic/claude-sonnet-4',
        'gen_ai.usage.input_tokens': 5000,
        'gen_ai.usage.input_tokens.cached': 40,
      }),
      call: { usage: { cacheReporting: 'inclusive' } },
    },
    {
      rule: 'the charge in the generation record',
      span: broadcast({ 'trace.metadata.openrouter_generation.usage': 0.0018 }),
      call: { cost: { totalUsd: 0.0018 } },
    },
    { rule: 'a failed request', span: broadcast({ 'span.level': 'ERROR' }), call: { error: {} } },
    {
      rule: 'an attempt at a provider is no call',
      span: {
        name: 'provider attempt 1: OpenAI',
        scope: 'openrouter',
        resource: { 'service.name': 'openrouter' },
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.response.id': 'gen-1:attempt-0',
          'span.type': 'span',
        },
      },
      call: { kind: 'span' },
    },
    {
      rule: "the application's trace object",
      span: broadcast({
        'user.id': 'user-123',
        'session.id': 'session-abc',
        'trace.name': 'My trace',
        'trace.tags': '["a"]',
        'trace.metadata.plan': 'pro',
        'trace.metadata.nested': '{"a":1}',
        'trace.metadata.trace_id': 'trace-7',
        'trace.metadata.generation_name': 'Summary',
      }),
      call: {
        trace: {
          user: 'user-123',
          sessionId: 'session-abc',
          traceName: 'My trace',
          traceId: 'trace-7',
          generationName: 'Summary',
          tags: ['a'],
          metadata: { plan: 'pro', nested: { a: 1 } },
        },
      },
    },
  ]);

  it("keeps content and OpenRouter's books out of the metadata", () => {
    const call = readParts(
      broadcast({
        'trace.input': prompt,
        'trace.output': '{"completion":"ho"}',
        'trace.name': 'My trace',
        'trace.metadata.openrouter.api_key_name': 'key',
        'trace.metadata.openrouter.provider_name': 'Amazon Bedrock',
        'trace.metadata.openrouter_generation.tokens_prompt': 9,
        'trace.metadata.provider_responses': '[{"id":"req_1"}]',
      }),
    );
    expect(call.trace.metadata).toEqual({ 'openrouter.provider_name': 'Amazon Bedrock' });
  });

  it('leaves the same names alone on spans of others', () => {
    const call = readParts({ attributes: { 'gen_ai.request.model': 'm', 'trace.input': 'mine' } });
    expect(call.trace.metadata).toEqual({ input: 'mine' });
  });
});
