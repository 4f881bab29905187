import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

const json = JSON.stringify;

/** MLflow writes every value as JSON, so that a name stands in quotes. */
function mlflow(type: string, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    name: 'Completions',
    kind: 'internal',
    scope: 'app',
    attributes: { 'mlflow.spanType': json(type), ...attributes },
  };
}

function chunk(delta: unknown, finishReason: string | null = null) {
  return {
    name: 'mlflow.chunk.item.0',
    timeMs: undefined,
    attributes: {
      'mlflow.chunk.value': json({ choices: [{ index: 0, delta, finish_reason: finishReason }] }),
    },
  };
}

const kinds: readonly DialectRow[] = [
  ['LLM', 'generation'],
  ['CHAT_MODEL', 'generation'],
  ['EMBEDDING', 'embedding'],
  ['TOOL', 'tool'],
  ['AGENT', 'agent'],
  ['CHAIN', 'chain'],
  ['RETRIEVER', 'retriever'],
  ['RERANKER', 'reranker'],
  ['UNKNOWN', 'span'],
].map(([type = '', kind]) => ({
  rule: `${type} is ${kind}`,
  span: mlflow(type),
  call: { kind, dialect: 'mlflow' },
}));

describe('kinds', () => {
  itReads([
    ...kinds,
    {
      rule: 'a type without quotes',
      span: { attributes: { 'mlflow.spanType': 'LLM' } },
      call: { kind: 'generation' },
    },
  ]);
});

describe('facts', () => {
  itReads([
    {
      rule: 'tools in an attribute of their own',
      span: mlflow('LLM', { 'mlflow.chat.tools': json([{ type: 'function', function: { name: 'f' } }]) }),
      call: { tools: [{ name: 'f' }] },
    },
    {
      rule: 'a chat with request, answer, usage and price',
      span: mlflow('CHAT_MODEL', {
        'mlflow.spanInputs': json({
          model: 'gpt-4o',
          messages: [{ role: 'user', content: 'Hi' }],
          temperature: 0.3,
          tools: [{ type: 'function', function: { name: 'f' } }],
        }),
        'mlflow.spanOutputs': json({
          id: 'chatcmpl-1',
          model: 'gpt-4o-2024',
          choices: [{ message: { role: 'assistant', content: 'Ho' }, finish_reason: 'stop' }],
        }),
        'mlflow.chat.tokenUsage': json({
          input_tokens: 5,
          output_tokens: 2,
          total_tokens: 7,
          cache_read_input_tokens: 1,
        }),
        'mlflow.llm.model': json('gpt-4o'),
        'mlflow.llm.provider': json('openai'),
        'mlflow.llm.cost': json({ input_cost: 0.1, output_cost: 0.2, total_cost: 0.3 }),
        'mlflow.trace.user': json('u1'),
        'mlflow.trace.session': json('s1'),
      }),
      call: {
        model: 'gpt-4o-2024',
        requestedModel: 'gpt-4o',
        provider: 'openai',
        responseId: 'chatcmpl-1',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
        tools: [{ name: 'f' }],
        parameters: { temperature: 0.3 },
        usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7, cacheReadTokens: 1 },
        cost: { inputUsd: 0.1, outputUsd: 0.2, totalUsd: 0.3 },
        finishReason: 'stop',
        trace: { user: 'u1', sessionId: 's1' },
      },
    },
    {
      rule: 'structured values',
      span: mlflow('LLM', {
        'mlflow.spanInputs': { messages: [{ role: 'user', content: 'Hi' }] },
        'mlflow.chat.tokenUsage': { input_tokens: 5 },
      }),
      call: { input: [{ role: 'user' }], usage: { inputTokens: 5 } },
    },
    {
      rule: 'an embedding',
      span: mlflow('EMBEDDING', {
        'mlflow.spanInputs': json({ model: 'text-embedding-3-small', input: ['a', 'b'] }),
        'mlflow.spanOutputs': json({ data: [{ embedding: [0.1, 0.2] }] }),
      }),
      call: { model: 'text-embedding-3-small', embeddingInput: ['a', 'b'] },
      absent: ['outputState', 'output'],
    },
    {
      rule: 'usage that only the answer has, as of embeddings and legacy completions',
      span: mlflow('LLM', {
        'mlflow.spanOutputs': json({
          choices: [{ text: 'Ho', finish_reason: 'stop' }],
          usage: {
            prompt_tokens: 5,
            completion_tokens: 2,
            total_tokens: 7,
            prompt_tokens_details: { cached_tokens: 1 },
          },
        }),
      }),
      call: { usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7, cacheReadTokens: 1 } },
    },
    {
      rule: 'of the answer, when MLflow counted itself, only what it left out',
      span: mlflow('CHAT_MODEL', {
        'mlflow.spanOutputs': json({
          usage: { input_tokens: 5, output_tokens: 9, output_tokens_details: { reasoning_tokens: 3 } },
          service_tier: 'flex',
        }),
        'mlflow.chat.tokenUsage': json({ input_tokens: 35, output_tokens: 9, cache_read_input_tokens: 30 }),
      }),
      call: {
        usage: { inputTokens: 35, outputTokens: 9, cacheReadTokens: 30, reasoningTokens: 3 },
        serviceTier: 'flex',
      },
    },
    {
      rule: 'tool calls of a stream, which only its chunks have',
      span: {
        ...mlflow('CHAT_MODEL', {
          'mlflow.spanOutputs': json({
            choices: [
              { message: { role: 'assistant', content: '', tool_calls: null }, finish_reason: 'stop' },
            ],
          }),
        }),
        events: [
          chunk({ role: 'assistant', content: '' }),
          chunk({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'f', arguments: '' } }] }),
          chunk({ tool_calls: [{ index: 0, id: null, function: { name: null, arguments: '{"a"' } }] }),
          chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
          chunk({ tool_calls: [{ index: 1, id: 'c2', function: { name: 'g', arguments: '{}' } }] }),
          chunk({}, 'tool_calls'),
        ],
      },
      call: {
        output: [
          {
            role: 'assistant',
            parts: [
              { type: 'tool_call', id: 'c1', name: 'f', arguments: '{"a":1}' },
              { type: 'tool_call', id: 'c2', name: 'g', arguments: '{}' },
            ],
          },
        ],
        finishReason: 'tool_calls',
      },
    },
    {
      rule: 'an answer that an agent hands on is not its own',
      span: mlflow('AGENT', { 'mlflow.spanOutputs': json({ usage: { prompt_tokens: 5 } }) }),
      absent: ['usage'],
    },
    {
      rule: 'arguments and result of a tool',
      span: mlflow('TOOL', { 'mlflow.spanInputs': '{"city":"Paris"}', 'mlflow.spanOutputs': '"sunny"' }),
      call: { inputState: { city: 'Paris' }, outputState: 'sunny' },
    },
    {
      rule: 'usage of a wrapper is not read',
      span: mlflow('AGENT', { 'mlflow.chat.tokenUsage': '{"input_tokens":5}' }),
      absent: ['usage'],
    },
  ]);
});
