import type { Dialect } from './dialect.ts';
import { kindByName } from './shared/kind-by-name.ts';
import { attribute, parameter } from './shared/sources.ts';
import { toCount, toText } from './shared/values.ts';

/**
 * Model servers that trace requests the way vLLM does: vLLM itself, SGLang, llm-d. All times are in seconds.
 * Sources: `vllm-project/vllm` (vllm/tracing), `sgl-project/sglang`.
 */
export const vllm: Dialect = {
  id: 'vllm',
  title: 'vLLM, SGLang, llm-d',
  detect: { scopes: ['vllm*', 'sglang*', 'llm-d*'], prefixes: ['gen_ai.latency.'] },
  cacheReporting: () => 'inclusive',
  fields: {
    kind: [kindByName({ llm_request: 'generation' })],
    responseId: [attribute('gen_ai.request.id', toText)],
    parameters: [parameter('gen_ai.request.n', 'n')],
    cacheReadTokens: [attribute('gen_ai.usage.cached_tokens', toCount)],
    timeToFirstTokenSeconds: [attribute('gen_ai.latency.time_to_first_token', toCount)],
  },
};
