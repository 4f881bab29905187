import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

describe('Langtrace', () => {
  const langtrace = (attributes: Record<string, unknown>): SpanParts => ({
    name: 'openai.create',
    scope: '@langtrase/typescript-sdk',
    attributes: { 'langtrace.service.name': 'OpenAI', 'langtrace.service.type': 'llm', ...attributes },
  });
  const EMBED = { 'gen_ai.operation.name': 'embed', 'gen_ai.request.model': 'text-embedding-3-small' };

  itReads([
    {
      rule: 'one text to embed',
      span: langtrace({ ...EMBED, 'gen_ai.request.embedding_inputs': '["red"]' }),
      call: { kind: 'embedding', provider: 'openai', embeddingInput: ['red'] },
    },
    {
      rule: 'several texts in a list within the list',
      span: langtrace({ ...EMBED, 'gen_ai.request.embedding_inputs': '[["red","green"]]' }),
      call: { kind: 'embedding', embeddingInput: ['red', 'green'] },
    },
    {
      rule: 'a response with its own names',
      span: langtrace({
        'gen_ai.operation.name': 'openai.responses.create',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.response_id': 'resp_1',
        instructions: 'Be brief.',
        'gen_ai.usage.input_tokens': 5,
        'gen_ai.usage.output_tokens': 2,
        'gen_ai.usage.cached_tokens': 3,
        'gen_ai.request.tools': '[{"type":"function","function":{"name":"f"}}]',
        user_id: 'u',
        session_id: 's',
      }),
      call: {
        kind: 'generation',
        responseId: 'resp_1',
        input: [{ role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] }],
        usage: { cacheReadTokens: 3 },
        tools: [{ name: 'f' }],
        trace: { user: 'u', sessionId: 's' },
      },
    },
  ]);
});
