import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function run(type: string, operation: string, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    name: 'ChatOpenAI',
    kind: 'internal',
    scope: { name: 'langsmith', version: '0.12.0' },
    status: { code: 'ok', message: undefined },
    attributes: {
      'langsmith.span.kind': type,
      'gen_ai.operation.name': operation,
      'gen_ai.system': 'langchain',
      ...attributes,
    },
  };
}

const llm = (attributes: Record<string, unknown>) =>
  run('llm', 'chat', { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt-4o', ...attributes });

/** The operation is what the SDK really writes for the run type. */
const kinds: readonly DialectRow[] = [
  ['llm', 'chat', 'generation'],
  ['embedding', 'embeddings', 'embedding'],
  ['chain', 'chain', 'chain'],
  ['tool', 'execute_tool', 'tool'],
  ['retriever', 'embeddings', 'retriever'],
  ['prompt', 'chat', 'prompt'],
  ['parser', 'parser', 'span'],
].map(([type = '', operation = '', kind]) => ({
  rule: `${type} (${operation}) is ${kind}`,
  span: run(type, operation),
  call: { kind, dialect: 'langsmith' },
}));

describe('kinds', () => itReads(kinds));

describe('content', () => {
  itReads([
    {
      rule: 'the whole request, with tools and parameters',
      span: llm({
        'gen_ai.prompt': JSON.stringify({
          model: 'gpt-4o',
          messages: [{ role: 'user', content: 'hi' }],
          tools: [{ type: 'function', function: { name: 'f' } }],
          temperature: 0.2,
          stream: true,
          extra_headers: { authorization: 'secret' },
        }),
        'gen_ai.completion':
          '{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"ho"},"finish_reason":"stop"}]}',
      }),
      call: {
        input: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'ho' }] }],
        tools: [{ name: 'f' }],
        parameters: { temperature: 0.2, stream: true },
        streaming: true,
      },
      absent: ['parameters.extra_headers', 'parameters.messages'],
    },
    {
      rule: 'state of other runs',
      span: run('chain', 'chain', { 'gen_ai.prompt': '{"q":1}', 'gen_ai.completion': '{"a":2}' }),
      call: { inputState: { q: 1 }, outputState: { a: 2 } },
    },
    {
      rule: 'embedded texts',
      span: run('embedding', 'embeddings', { 'gen_ai.prompt': '{"model":"m","input":["red","green"]}' }),
      call: { embeddingInput: ['red', 'green'] },
    },
    {
      rule: 'the prompt of another emitter is not taken for a state',
      span: {
        scope: 'other',
        attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.prompt': '{"messages":[]}' },
      },
      absent: ['inputState'],
    },
  ]);
});

describe('usage', () => {
  itReads([
    {
      rule: 'details are JSON, the cache is inside the input',
      span: llm({
        'gen_ai.usage.input_tokens': 2076,
        'gen_ai.usage.output_tokens': 200,
        'gen_ai.usage.input_token_details': '{"cache_read":1000,"audio":3}',
        'gen_ai.usage.output_token_details': '{"reasoning":192,"audio":4}',
      }),
      call: {
        usage: {
          inputTokens: 2076,
          outputTokens: 200,
          cacheReadTokens: 1000,
          cacheReporting: 'inclusive',
          reasoningTokens: 192,
          reasoningReporting: 'inclusive',
          audioInputTokens: 3,
          audioOutputTokens: 4,
        },
      },
    },
    {
      rule: 'Anthropic writes come split by lifetime',
      span: llm({
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.input_token_details':
          '{"ephemeral_5m_input_tokens":10,"ephemeral_1hr_input_tokens":20}',
      }),
      call: { usage: { cacheWriteTokens: 30, cacheWrite5mTokens: 10, cacheWrite1hTokens: 20 } },
    },
    {
      rule: 'usage and cost in the run alone',
      span: llm({
        'langsmith.usage_metadata': JSON.stringify({
          input_tokens: 12,
          output_tokens: 7,
          total_tokens: 19,
          input_token_details: { cache_read: 4, cache_creation: 2 },
          output_token_details: { reasoning: 1 },
          input_cost: 0.1,
          output_cost: 0.2,
          total_cost: 0.3,
        }),
      }),
      call: {
        usage: {
          inputTokens: 12,
          outputTokens: 7,
          totalTokens: 19,
          cacheReadTokens: 4,
          cacheWriteTokens: 2,
          reasoningTokens: 1,
        },
        cost: { inputUsd: 0.1, outputUsd: 0.2, totalUsd: 0.3 },
      },
    },
    {
      rule: 'a chain repeats the usage',
      span: run('chain', 'chain', { 'gen_ai.usage.input_tokens': 9 }),
      absent: ['usage'],
    },
  ]);
});

describe('outcome and identity', () => {
  itReads([
    {
      rule: 'finish reasons of several choices',
      span: llm({ 'gen_ai.response.finish_reasons': 'tool_calls, stop' }),
      call: { finishReason: 'tool_calls' },
    },
    {
      rule: 'an error ends with status OK',
      span: {
        ...llm({}),
        events: [
          {
            name: 'exception',
            timeMs: 0,
            attributes: { 'exception.type': 'Error', 'exception.message': 'Error: 429 Rate limit reached' },
          },
        ],
      },
      call: { error: { type: 'Error', message: 'Error: 429 Rate limit reached' }, httpStatus: 429 },
    },
    {
      rule: 'the provider is believed before the guessed system',
      span: llm({ 'gen_ai.system': 'langchain', 'langsmith.metadata.ls_provider': 'google_genai' }),
      call: { provider: 'gcp.gemini' },
    },
    {
      rule: 'user, conversation, tags, prompt; the project is no session',
      span: llm({
        'langsmith.trace.session_id': 'project-id',
        'langsmith.trace.session_name': 'project',
        'langsmith.trace.name': 'ChatOpenAI',
        'langsmith.metadata.user_id': 'user-123',
        'langsmith.metadata.thread_id': 'thread-1',
        'langsmith.span.tags': 'a, b',
        'langsmith.metadata.lc_hub_repo': 'geo',
        'langsmith.metadata.lc_hub_commit_hash': 'abc',
      }),
      call: {
        promptName: 'geo',
        promptVersion: 'abc',
        trace: { user: 'user-123', sessionId: 'thread-1', tags: ['a', 'b'], traceName: undefined },
      },
    },
    {
      rule: 'no session without a conversation',
      span: llm({ 'langsmith.trace.session_id': 'project-id' }),
      absent: ['trace.sessionId'],
    },
    {
      rule: 'metadata without usage, request and environment variables',
      span: llm({
        'langsmith.metadata.plan': 'pro',
        'langsmith.metadata.LANGSMITH_TRACING': 'true',
        'langsmith.metadata.ls_model_type': 'chat',
        'langsmith.metadata.usage_metadata': '{}',
        'langsmith.metadata.ls_temperature': '0.2',
      }),
      call: { trace: { metadata: { plan: 'pro' } }, parameters: { temperature: 0.2 } },
      absent: [
        'trace.metadata.LANGSMITH_TRACING',
        'trace.metadata.ls_model_type',
        'trace.metadata.usage_metadata',
      ],
    },
  ]);
});
