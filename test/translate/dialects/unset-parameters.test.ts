import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';

const CHAT = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' };

describe('parameters that nobody set', () => {
  itReads([
    ...['Not set', 'NOT_GIVEN', 'None', -1, '-1'].map((value) => ({
      rule: `${value} is none`,
      span: {
        attributes: { ...CHAT, 'gen_ai.request.temperature': 0, 'gen_ai.request.max_tokens': value },
      },
      call: { parameters: { temperature: 0 } },
      absent: ['parameters.max_tokens'],
    })),
    {
      rule: 'in a bundle',
      span: {
        attributes: {
          'openinference.span.kind': 'LLM',
          'llm.model_name': 'm',
          'llm.invocation_parameters': '{"temperature":0.5,"max_tokens":-1,"top_p":"NOT_GIVEN"}',
        },
      },
      call: { parameters: { temperature: 0.5 } },
      absent: ['parameters.max_tokens', 'parameters.top_p'],
    },
    {
      rule: 'content that was hidden is absent',
      span: {
        attributes: {
          ...CHAT,
          'gen_ai.output.messages': 'HIDDEN:non-empty',
          'gen_ai.input.messages': 'NOT_GIVEN',
        },
      },
      absent: ['input', 'output'],
    },
  ]);
});
