import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

describe('Qwen Code', () => {
  const qwen = (name: string, attributes: Record<string, unknown> = {}): SpanParts => ({
    name: `qwen-code.${name}`,
    kind: 'internal',
    scope: 'qwen-code',
    attributes,
  });

  itReads([
    {
      rule: 'a failed request, with its status and the message of the log record',
      span: {
        ...qwen('llm_request', {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'm',
          'error.type': 'BadRequestError',
          error_status_code: 400,
        }),
        events: [
          { name: 'qwen-code.api_error', timeMs: 1, attributes: { 'error.message': '400 too long' } },
          {
            name: 'qwen-code.api_request',
            timeMs: 0,
            attributes: { request_text: '[{"role":"user","parts":[{"text":"Hi"}]}]' },
          },
        ],
      },
      call: {
        kind: 'generation',
        framework: 'qwen-code',
        httpStatus: 400,
        error: { type: 'BadRequestError', message: '400 too long' },
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      },
    },
    { rule: 'an interaction', span: qwen('interaction'), call: { kind: 'agent' } },
    { rule: 'a tool', span: qwen('tool'), call: { kind: 'tool' } },
    { rule: 'anything else', span: qwen('tool.blocked_on_user'), call: { kind: 'span' } },
  ]);
});
