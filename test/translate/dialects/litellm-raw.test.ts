import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../support/batch.ts';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

describe('the raw request of LiteLLM', () => {
  const raw = (attributes: Record<string, unknown>): SpanParts => ({
    name: 'raw_gen_ai_request',
    kind: 'internal',
    scope: 'litellm',
    resource: { 'service.name': 'litellm' },
    attributes,
  });

  itReads([
    {
      rule: "is a call where it has an answer, in the provider's words as Python spells them",
      span: raw({
        'llm.openai.messages': "[{'role': 'user', 'content': 'Hi'}]",
        'llm.openai.tools': "[{'type': 'function', 'function': {'name': 'f'}}]",
        'llm.openai.temperature': 0.2,
        'llm.openai.id': 'chatcmpl-1',
        'llm.openai.model': 'gpt-4o-mini-2024-07-18',
        'llm.openai.choices':
          "[{'finish_reason': 'tool_calls', 'index': 0, 'message': {'content': None, 'role': 'assistant', 'tool_calls': [{'id': 'c1', 'type': 'function', 'function': {'name': 'f', 'arguments': '{}'}}]}}]",
        'llm.openai.usage':
          "{'completion_tokens': 8, 'prompt_tokens': 1211, 'total_tokens': 1219, 'prompt_tokens_details': {'cached_tokens': 1024}}",
      }),
      call: {
        kind: 'generation',
        dialect: 'litellm',
        model: 'gpt-4o-mini-2024-07-18',
        responseId: 'chatcmpl-1',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'f' }] }],
        tools: [{ name: 'f' }],
        parameters: { temperature: 0.2 },
        finishReason: 'tool_calls',
        usage: {
          inputTokens: 1211,
          outputTokens: 8,
          cacheReadTokens: 1024,
          cacheReporting: 'inclusive',
        },
      },
    },
    {
      rule: "counts as Anthropic does where the answer is Anthropic's",
      span: raw({
        'llm.anthropic.messages': "[{'role': 'user', 'content': [{'type': 'text', 'text': 'Hi'}]}]",
        'llm.anthropic.system': "[{'type': 'text', 'text': 'Be brief.'}]",
        'llm.anthropic.role': 'assistant',
        'llm.anthropic.type': 'message',
        'llm.anthropic.model': 'claude-sonnet-4-5',
        'llm.anthropic.content': "[{'type': 'text', 'text': 'Hello'}]",
        'llm.anthropic.stop_reason': 'end_turn',
        'llm.anthropic.usage':
          "{'input_tokens': 32, 'output_tokens': 8, 'cache_creation_input_tokens': 0, 'cache_read_input_tokens': 2048}",
      }),
      call: {
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        ],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Hello' }] }],
        usage: { inputTokens: 32, cacheReadTokens: 2048, cacheReporting: 'exclusive' },
      },
    },
    {
      rule: 'is a call where only the answer is there, as of the Responses API',
      span: raw({
        'llm.None.id': 'resp_1',
        'llm.None.instructions': 'Be brief.',
        'llm.None.model': 'gpt-4o',
        'llm.None.output':
          "[{'type': 'message', 'role': 'assistant', 'content': [{'type': 'output_text', 'text': 'Hello'}]}]",
        'llm.None.usage': "{'input_tokens': 25, 'output_tokens': 8, 'total_tokens': 33}",
      }),
      call: {
        kind: 'generation',
        model: 'gpt-4o',
        responseId: 'resp_1',
        input: [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Hello' }] }],
        usage: { inputTokens: 25, outputTokens: 8 },
      },
    },
  ]);

  const STREAM = {
    ...raw({ 'llm.openai.model': 'gpt-4o', 'llm.openai.messages': "[{'role': 'user', 'content': 'Hi'}]" }),
    spanId: 'b'.repeat(16),
    parentSpanId: 'a'.repeat(16),
  };
  const ANSWER = {
    ...STREAM,
    attributes: {
      'llm.None.model': 'gpt-4o',
      'llm.None.output': "[{'type': 'message', 'role': 'assistant', 'content': 'Hello'}]",
      'llm.None.usage': "{'input_tokens': 25, 'output_tokens': 8}",
    },
  };
  const root = (attributes: Record<string, unknown>): SpanParts => ({
    name: 'POST /v1/messages',
    scope: 'fastapi',
    spanId: 'a'.repeat(16),
    attributes: { 'http.route': '/v1/messages', ...attributes },
  });
  const REQUEST = {
    'llm.request.type': 'acompletion',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.usage.input_tokens': 9,
    'gen_ai.usage.output_tokens': 2,
    hidden_params: '{}',
  };

  it.each<[string, SpanParts[], unknown[]]>([
    ['the call where no span above is one', [STREAM, root({})], [['$ai_generation', 'raw_gen_ai_request']]],
    [
      'no call below the call',
      [STREAM, root(REQUEST)],
      [
        ['$ai_span', 'raw_gen_ai_request'],
        ['$ai_generation', 'acompletion gpt-4o'],
      ],
    ],
    ['no call while the spans above are not known', [STREAM], [['$ai_span', 'raw_gen_ai_request']]],
    ['no call with the answer alone, likewise', [ANSWER], [['$ai_span', 'raw_gen_ai_request']]],
    [
      'the call with the answer alone, likewise',
      [ANSWER, root({})],
      [['$ai_generation', 'raw_gen_ai_request']],
    ],
  ])('one half of it, as a stream leaves, is %s', (_what, spans, wanted) => {
    expect(eventsOf(spans).map(({ event, $ai_span_name }) => [event, $ai_span_name])).toEqual(wanted);
  });

  itReads([
    {
      rule: "an answer's id that LiteLLM wrapped is the provider's",
      span: {
        scope: 'litellm',
        attributes: {
          'llm.request.type': 'responses',
          'gen_ai.response.id': `resp_${btoa('litellm:custom_llm_provider:openai;model_id:None;response_id:resp_9C')}`,
        },
      },
      call: { responseId: 'resp_9C' },
    },
  ]);

  itReads([
    {
      rule: 'calls beside the messages are one answer, whichever number they have',
      span: {
        scope: 'litellm',
        attributes: {
          'llm.request.type': 'completion',
          'gen_ai.request.model': 'm',
          'gen_ai.output.messages':
            '[{"role":"assistant","parts":[{"type":"text","content":"Let me see."}],"finish_reason":"tool_calls"}]',
          'gen_ai.completion.0.function_call.name': 'f',
          'gen_ai.completion.0.function_call.arguments': '{"a":1}',
          'gen_ai.completion.1.function_call.name': 'g',
        },
      },
      call: {
        output: [
          {
            role: 'assistant',
            parts: [
              { type: 'text', text: 'Let me see.' },
              { type: 'tool_call', name: 'f', arguments: '{"a":1}' },
              { type: 'tool_call', name: 'g' },
            ],
          },
        ],
      },
    },
    {
      rule: 'the model that a proxy really asked is no alias',
      span: {
        scope: 'litellm',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'claude',
          'gen_ai.response.model': 'claude',
          'litellm.provider.model': 'anthropic/claude-sonnet-4-5',
          'litellm.cost.total': 0.25,
          'litellm.provider.error.code': '429',
          'litellm.metadata.user_api_key_end_user_id': 'end',
          'litellm.metadata.user_api_key_user_id': 'key',
          'litellm.team.alias': 'geo',
        },
      },
      call: {
        model: 'claude-sonnet-4-5',
        cost: { totalUsd: 0.25 },
        httpStatus: 429,
        trace: { user: 'end', metadata: { team_alias: 'geo' } },
      },
    },
    {
      rule: 'a dated form of it says more',
      span: {
        scope: 'litellm',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.response.model': 'gpt-4o-2024-08-06',
          'litellm.provider.model': 'openai/gpt-4o',
        },
      },
      call: { model: 'gpt-4o-2024-08-06' },
    },
    {
      rule: 'a more exact call type beside the operation decides',
      span: {
        scope: 'litellm',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'litellm.call_type': 'arerank',
          'gen_ai.request.model': 'm',
        },
      },
      call: { kind: 'reranker' },
    },
  ]);
});
