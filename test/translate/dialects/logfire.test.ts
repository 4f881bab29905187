import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { itReads } from '../../support/dialect-rows.ts';
import { END_MS, type SpanParts, span } from '../../support/spans.ts';

const json = JSON.stringify;
const CHAT = 'Chat Completion with {request_data[model]!r}';

function logfire(attributes: Record<string, unknown>, more: Partial<SpanParts> = {}): SpanParts {
  return { name: CHAT, kind: 'internal', scope: 'logfire.openai', attributes, ...more };
}

const REQUEST = json({
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Hi' }],
  tools: [{ type: 'function', function: { name: 'f' } }],
  temperature: 0.5,
  stream: true,
});

const OLD = { request_data: REQUEST, 'logfire.tags': ['LLM'], 'logfire.span_type': 'span' };
const STREAMED = { ...OLD, 'logfire.span_type': 'log', response_data: '{"combined_chunk_content":"Ho"}' };

describe('model calls', () => {
  itReads([
    {
      rule: 'a request known by its tag alone',
      span: logfire({
        ...OLD,
        response_data: json({
          message: { role: 'assistant', content: 'Ho' },
          usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
        }),
      }),
      call: {
        kind: 'generation',
        dialect: 'logfire',
        model: 'gpt-4o',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
        tools: [{ name: 'f' }],
        parameters: { temperature: 0.5 },
        streaming: true,
        usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7 },
      },
      absent: ['trace.tags'],
    },
    {
      rule: 'a text completion',
      span: logfire({ ...OLD, response_data: '{"text":"Ho","finish_reason":"stop"}' }),
      call: { output: [{ parts: [{ type: 'text', text: 'Ho' }] }], finishReason: 'stop' },
    },
    {
      rule: 'an embedding, known by its model',
      span: logfire({
        'logfire.tags': ['LLM'],
        request_data: '{"model":"text-embedding-3-small","input":["a","b"]}',
        response_data: '{"usage":{"prompt_tokens":4,"total_tokens":4}}',
      }),
      call: { kind: 'embedding', embeddingInput: ['a', 'b'], usage: { inputTokens: 4 } },
    },
    {
      rule: 'OpenTelemetry’s names come first',
      span: logfire({
        ...OLD,
        'gen_ai.operation.name': 'chat',
        'gen_ai.response.model': 'gpt-4o-2024',
        'gen_ai.usage.input_tokens': 6,
        'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"New"}]}]',
        'operation.cost': 0.002,
      }),
      call: {
        model: 'gpt-4o-2024',
        output: [{ parts: [{ type: 'text', text: 'New' }] }],
        usage: { inputTokens: 6 },
        cost: { totalUsd: 0.002 },
      },
    },
    {
      rule: 'the events of the Responses API',
      span: logfire({
        'gen_ai.request.model': 'gpt-4o',
        events: json([
          { 'event.name': 'gen_ai.user.message', content: 'Hi', role: 'user' },
          { 'event.name': 'gen_ai.choice', message: { role: 'assistant', content: 'Ho' } },
        ]),
      }),
      call: {
        kind: 'generation',
        input: [{ role: 'user' }],
        output: [{ parts: [{ type: 'text', text: 'Ho' }] }],
      },
    },
    {
      rule: 'tags of the application',
      span: logfire({ ...OLD, 'logfire.tags': ['LLM', 'prod'] }),
      call: { trace: { tags: ['prod'] } },
    },
    {
      rule: 'the record of a stream’s answer is the call, as long as it says and named by its message',
      span: logfire(
        { ...STREAMED, duration: 0.5, 'logfire.tags': ['LLM'], 'logfire.msg': 'streaming took 0.50s' },
        { name: 'streaming response from {request_data[model]!r} took {duration:.2f}s' },
      ),
      call: {
        kind: 'generation',
        output: [{ parts: [{ type: 'text', text: 'Ho' }] }],
        streaming: true,
        isStreamAnswer: true,
        startTimeMs: END_MS - 500,
        trace: { generationName: 'streaming took 0.50s' },
      },
    },
  ]);
});

const STREAM_RECORD = {
  'logfire.span_type': 'log',
  'logfire.tags': ['LLM'],
  'gen_ai.request.model': 'gpt-4o-mini',
  duration: 1.9,
};

it.each<[string, Record<string, unknown>, string]>([
  ['nothing', {}, 'foreign'],
  ['an empty answer', { 'gen_ai.output.messages': '[{"role":"assistant","parts":[]}]' }, 'foreign'],
  ['usage', { 'gen_ai.usage.output_tokens': 2 }, 'call'],
  ['an error', { 'error.type': 'APIError' }, 'call'],
])('the record of a stream with %s', (_what, attributes, type) => {
  expect(readCall(span(logfire({ ...STREAM_RECORD, ...attributes }))).type).toBe(type);
});

describe('the Claude Agent SDK', () => {
  const sdk = (operation: string, attributes: Record<string, unknown>): SpanParts => ({
    name: operation,
    kind: 'internal',
    scope: 'logfire.claude_agent_sdk',
    attributes: { 'gen_ai.operation.name': operation, 'gen_ai.system': 'anthropic', ...attributes },
  });

  itReads([
    {
      rule: 'the run has the usage',
      span: sdk('invoke_agent', {
        'gen_ai.request.model': 'claude-sonnet-4-5',
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.cache_read.input_tokens': 80,
        'operation.cost': 0.05,
      }),
      call: {
        kind: 'generation',
        usage: { inputTokens: 100, cacheReadTokens: 80, cacheReporting: 'inclusive' },
        cost: { totalUsd: 0.05 },
      },
    },
    {
      rule: 'a run that was cut short has none',
      span: sdk('invoke_agent', {}),
      call: { kind: 'agent' },
    },
    {
      rule: 'a turn’s partial usage is not read',
      span: sdk('chat', {
        'gen_ai.usage.partial.input_tokens': 50,
        'gen_ai.request.model': 'claude-sonnet-4-5',
      }),
      call: { kind: 'step' },
      absent: ['usage'],
    },
  ]);
});

describe('spans that are none', () => {
  it.each<[string, SpanParts]>([
    [
      'a placeholder of a span still running',
      {
        scope: 'pydantic-ai',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'logfire.span_type': 'pending_span',
          'logfire.pending_parent_id': '0000000000000000',
        },
      },
    ],
    ['a span of the application', { scope: 'logfire', attributes: { 'logfire.msg': 'hello' } }],
    ['a span of a web framework', { scope: 'logfire.fastapi', attributes: { 'logfire.span_type': 'span' } }],
  ])('%s', (_what, parts) => {
    expect(readCall(span(parts)).type).toBe('foreign');
  });
});
