import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';

describe('Portkey', () => {
  itReads([
    {
      rule: 'a failed request: its status is the error type and the message',
      span: {
        name: 'chat gpt-4o',
        scope: 'custom.genai.instrumentation',
        resource: { 'service.name': 'portkey' },
        status: { code: 'error', message: '429' },
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.system': 'openai',
          'gen_ai.request.model': 'gpt-4o',
          'error.type': '429',
        },
      },
      call: {
        kind: 'generation',
        dialect: 'portkey',
        provider: 'openai',
        httpStatus: 429,
        error: { type: '429' },
      },
      absent: ['error.message'],
    },
  ]);
});
