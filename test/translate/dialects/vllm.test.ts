import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';

describe('vLLM, SGLang, llm-d', () => {
  itReads([
    {
      rule: 'SGLang by its scope',
      span: { name: 'x', scope: 'sglang.srt', attributes: {} },
      call: { kind: 'span', dialect: 'vllm' },
    },
    {
      rule: 'a request to the server',
      span: {
        name: 'llm_request',
        kind: 'server',
        scope: 'vllm.llm_engine',
        attributes: {
          'gen_ai.request.id': 'cmpl-1',
          'gen_ai.request.n': 2,
          'gen_ai.request.max_tokens': 16,
          'gen_ai.response.model': 'Qwen/Qwen3-8B',
          'gen_ai.usage.prompt_tokens': 5,
          'gen_ai.usage.completion_tokens': 16,
          'gen_ai.latency.time_to_first_token': 0.05,
          'gen_ai.latency.e2e': 0.4,
        },
      },
      call: {
        kind: 'generation',
        dialect: 'vllm',
        model: 'Qwen/Qwen3-8B',
        responseId: 'cmpl-1',
        parameters: { n: 2, max_tokens: 16 },
        usage: { inputTokens: 5, outputTokens: 16 },
        timeToFirstTokenSeconds: 0.05,
      },
    },
    {
      rule: 'cached tokens of SGLang, known by its latencies',
      span: {
        name: 'Req 1234',
        kind: 'server',
        scope: 'any',
        attributes: {
          'gen_ai.response.model': 'm',
          'gen_ai.usage.prompt_tokens': 100,
          'gen_ai.usage.cached_tokens': 60,
          'gen_ai.latency.e2e': 0.4,
        },
      },
      call: {
        kind: 'generation',
        dialect: 'vllm',
        usage: { cacheReadTokens: 60, cacheReporting: 'inclusive' },
      },
    },
  ]);
});
