import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';

describe('Kong', () => {
  itReads([
    {
      rule: 'the request, also without an operation',
      span: {
        name: 'kong.gen_ai',
        scope: 'kong-internal',
        attributes: {
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.tool.name': 'f',
          'gen_ai.provider.name': 'openai',
        },
      },
      call: { kind: 'generation', dialect: 'kong' },
    },
    {
      rule: 'an embedding',
      span: { name: 'kong.gen_ai', attributes: { 'gen_ai.request.model': 'text-embedding-3-small' } },
      call: { kind: 'embedding' },
    },
    {
      rule: 'the operation, where it is named',
      span: { name: 'kong.gen_ai', attributes: { 'gen_ai.operation.name': 'embeddings' } },
      call: { kind: 'embedding' },
    },
    {
      rule: 'a call of another agent',
      span: { name: 'kong.a2a', kind: 'internal', attributes: { 'kong.a2a.method': 'message/send' } },
      call: { kind: 'agent', dialect: 'kong' },
    },
  ]);
});
