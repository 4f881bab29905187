import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

describe('Laminar', () => {
  const laminar = (attributes: Record<string, unknown>): SpanParts => ({ scope: 'lmnr.tracer', attributes });

  itReads([
    {
      rule: "a vendor's attribute does not make it that vendor's own span",
      span: {
        ...laminar({
          'lmnr.span.type': 'LLM',
          'gen_ai.request.model': 'claude-sonnet-4-5',
          'anthropic.response.service_tier': 'standard',
          'gen_ai.usage.input_tokens': 25,
          'gen_ai.usage.output_tokens': 8,
        }),
        name: 'anthropic.chat',
      },
      call: { kind: 'generation', dialect: 'laminar', usage: { inputTokens: 25, outputTokens: 8 } },
    },
    {
      rule: 'an embedding is an LLM span too',
      span: laminar({ 'lmnr.span.type': 'LLM', 'gen_ai.request.model': 'text-embedding-3-small' }),
      call: { kind: 'embedding' },
    },
    {
      rule: 'a model call whose content is in its own names alone',
      span: laminar({
        'lmnr.span.type': 'LLM',
        'gen_ai.request.model': 'm',
        'lmnr.span.input': '[{"role":"user","content":"Hi"}]',
        'lmnr.span.output': '[{"role":"assistant","content":"Hello"}]',
      }),
      call: {
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Hello' }] }],
      },
    },
    {
      rule: 'a function of the application, with user, session, tags and metadata',
      span: laminar({
        'lmnr.span.type': 'DEFAULT',
        'lmnr.span.input': '{"x":1}',
        'lmnr.span.output': '"y"',
        'lmnr.association.properties.user_id': 'u',
        'lmnr.association.properties.session_id': 's',
        'lmnr.association.properties.tags': ['geo'],
        'lmnr.association.properties.metadata.plan': 'pro',
      }),
      call: {
        kind: 'chain',
        inputState: { x: 1 },
        outputState: 'y',
        trace: { user: 'u', sessionId: 's', tags: ['geo'], metadata: { plan: 'pro' } },
      },
    },
  ]);
});
