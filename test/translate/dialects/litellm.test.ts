import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, span } from '../../support/spans.ts';

function litellm(attributes: Record<string, unknown>, more: Partial<SpanParts> = {}): SpanParts {
  return { name: 'litellm_request', kind: 'internal', scope: 'litellm', attributes, ...more };
}

const callTypes: readonly DialectRow[] = [
  ['completion', 'generation'],
  ['acompletion', 'generation'],
  ['atext_completion', 'generation'],
  ['aresponses', 'generation'],
  ['anthropic_messages', 'generation'],
  ['agenerate_content', 'generation'],
  ['aimage_generation', 'generation'],
  ['atranscription', 'generation'],
  ['aembedding', 'embedding'],
  ['arerank', 'reranker'],
].map(([type, kind]) => ({
  rule: `${type} is ${kind}`,
  span: litellm({ 'llm.request.type': type, 'gen_ai.operation.name': type }, { name: 'named by its user' }),
  call: { kind, dialect: 'litellm' },
}));

describe('kinds', () => {
  itReads([
    ...callTypes,
    { rule: 'without a type the name decides', span: litellm({}), call: { kind: 'generation' } },
    {
      rule: 'the raw request repeats the call',
      span: litellm(
        { 'llm.openai.model': 'gpt-4o', 'llm.openai.messages': '[]' },
        { name: 'raw_gen_ai_request' },
      ),
      call: { kind: 'span' },
    },
    {
      rule: 'the proxy’s root keeps its place',
      span: litellm({}, { name: 'Received Proxy Server Request', kind: 'server' }),
      call: { kind: 'span' },
    },
    {
      rule: 'a guardrail',
      span: litellm({ 'openinference.span.kind': 'GUARDRAIL', guardrail_name: 'pii' }, { name: 'guardrail' }),
      call: { kind: 'guardrail' },
    },
  ]);

  it.each<[string, SpanParts]>([
    ['its cache', litellm({ service: 'redis', call_type: 'get' }, { name: 'redis' })],
    ['HTTP spans of its process', { scope: 'http', resource: { 'service.name': 'litellm' }, attributes: {} }],
  ])('%s is not AI', (_what, parts) => {
    expect(readCall(span(parts)).type).toBe('foreign');
  });
});

describe('facts', () => {
  itReads([
    {
      rule: 'messages, numbers and flags as texts',
      span: litellm({
        'llm.request.type': 'acompletion',
        'gen_ai.operation.name': 'acompletion',
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'llm.is_streaming': 'True',
        'gen_ai.prompt.0.role': 'user',
        'gen_ai.prompt.0.content': 'Hi',
        'gen_ai.completion.0.role': 'assistant',
        'gen_ai.completion.0.content': 'Ho',
        'gen_ai.completion.0.finish_reason': 'stop',
        'gen_ai.usage.prompt_tokens': '5',
        'gen_ai.usage.completion_tokens': '2',
        'gen_ai.usage.total_tokens': 7,
        'gen_ai.response.finish_reasons': '["stop"]',
        'llm.request.functions.0.name': 'f',
        'llm.request.functions.0.parameters': '{"type":"object"}',
      }),
      call: {
        provider: 'openai',
        streaming: true,
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
        usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 },
        finishReason: 'stop',
        tools: [{ name: 'f', parameters: { type: 'object' } }],
      },
    },
    {
      rule: 'messages with tool calls beside the parts',
      span: litellm({
        'gen_ai.output.messages':
          '[{"role":"assistant","parts":[],"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}],"finish_reason":"tool_calls"}]',
      }),
      call: { output: [{ parts: [{ type: 'tool_call', id: 'c1', name: 'f' }] }], finishReason: 'tool_calls' },
    },
    {
      rule: 'cached tokens are part of the input',
      span: litellm({
        'gen_ai.request.model': 'claude-sonnet-4-5',
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.cache_read_input_tokens': 50,
      }),
      call: { usage: { cacheReporting: 'inclusive' } },
    },
    {
      rule: 'price in dollars',
      span: litellm({
        'gen_ai.cost.input_cost': 0.001,
        'gen_ai.cost.output_cost': 0.002,
        'gen_ai.cost.total_cost': 0.003,
      }),
      call: { cost: { inputUsd: 0.001, outputUsd: 0.002, totalUsd: 0.003 } },
    },
    {
      rule: 'price and endpoint of the hidden parameters',
      span: litellm({ hidden_params: '{"response_cost":0.004,"api_base":"https://api.openai.com/v1/"}' }),
      call: { cost: { totalUsd: 0.004 }, baseUrl: 'https://api.openai.com' },
    },
    {
      rule: 'the customer is the user, not the owner of the key',
      span: litellm({
        'metadata.user_api_key_end_user_id': 'end-1',
        'metadata.user_api_key_user_id': 'owner-1',
      }),
      call: { trace: { user: 'end-1' } },
    },
    {
      rule: 'the holder of the master key is nobody',
      span: litellm({ 'metadata.user_api_key_user_id': 'default_user_id' }),
      absent: ['trace.user'],
    },
    {
      rule: 'metadata without secrets and empty values',
      span: litellm({
        'metadata.user_api_key_team_alias': 'core',
        'metadata.user_api_key_hash': 'abc',
        'metadata.requester_custom_headers': "{'authorization': 'x'}",
        'metadata.spend_logs_metadata': '',
        'metadata.requester_ip_address': '10.0.0.1',
      }),
      call: { trace: { metadata: { user_api_key_team_alias: 'core' } } },
      absent: [
        'trace.metadata.user_api_key_hash',
        'trace.metadata.requester_custom_headers',
        'trace.metadata.spend_logs_metadata',
        'trace.metadata.requester_ip_address',
      ],
    },
    {
      rule: 'HTTP status of a failed call',
      span: litellm({ 'error.code': '429', 'error.type': 'RateLimitError', 'error.message': 'slow down' }),
      call: { httpStatus: 429, error: { type: 'RateLimitError', message: 'slow down' } },
    },
  ]);
});
