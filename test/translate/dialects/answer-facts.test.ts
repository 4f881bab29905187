import { describe, expect, it } from 'vitest';
import { readAnswerFacts } from '../../../src/translate/dialects/shared/answer-facts.ts';

const rows: readonly (readonly [string, unknown, Record<string, unknown>])[] = [
  [
    'OpenAI Chat',
    {
      id: 'chatcmpl-1',
      model: 'gpt-4o',
      choices: [{ finish_reason: 'stop' }],
      usage: {
        prompt_tokens: 31,
        completion_tokens: 8,
        total_tokens: 39,
        prompt_tokens_details: { cached_tokens: 20 },
        completion_tokens_details: { reasoning_tokens: 4 },
        cost: 0.5,
      },
    },
    {
      id: 'chatcmpl-1',
      model: 'gpt-4o',
      finishReason: 'stop',
      inputTokens: 31,
      outputTokens: 8,
      totalTokens: 39,
      cacheReadTokens: 20,
      reasoningTokens: 4,
      costUsd: 0.5,
    },
  ],
  [
    'OpenAI Responses',
    {
      object: 'response',
      id: 'resp_1',
      model: 'gpt-5',
      status: 'completed',
      usage: { input_tokens: 3, input_tokens_details: { cached_tokens: 1 } },
    },
    { id: 'resp_1', finishReason: 'completed', inputTokens: 3, cacheReadTokens: 1 },
  ],
  [
    'Anthropic',
    {
      id: 'msg_1',
      stop_reason: 'end_turn',
      usage: {
        input_tokens: 3,
        cache_read_input_tokens: 2,
        cache_creation_input_tokens: 5,
        cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 1 },
      },
    },
    {
      id: 'msg_1',
      finishReason: 'end_turn',
      cacheReadTokens: 2,
      cacheWriteTokens: 5,
      cacheWrite5mTokens: 4,
      cacheWrite1hTokens: 1,
    },
  ],
  [
    'Bedrock',
    { stopReason: 'tool_use', usage: { inputTokens: 3, cacheReadInputTokens: 2, cacheWriteInputTokens: 1 } },
    { finishReason: 'tool_use', inputTokens: 3, cacheReadTokens: 2, cacheWriteTokens: 1 },
  ],
  [
    'Gemini',
    {
      responseId: 'r1',
      modelVersion: 'gemini-2.5',
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, thoughtsTokenCount: 9 },
    },
    { id: 'r1', model: 'gemini-2.5', inputTokens: 3, outputTokens: 2, reasoningTokens: 9 },
  ],
  ['several answers', [{ id: 'a' }, { id: 'b' }], { id: 'a' }],
  [
    "ids of LangChain's runs are not the provider's",
    { generations: [[{ message: { kwargs: { id: 'run-1' } } }]] },
    { id: undefined },
  ],
  ['a cost that is no number', { usage: { cost: { total: 1 } } }, { costUsd: undefined }],
  ['text', 'hello', {}],
  ['nothing', undefined, {}],
  ['LangChain without a message', { generations: [[{ text: 'x' }]] }, {}],
];

describe('facts of raw answers', () => {
  it.each(rows)('%s', (_what, answer, facts) => {
    expect(readAnswerFacts(answer)).toMatchObject(facts);
  });
});
