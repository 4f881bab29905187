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

const bundle = (parameters: unknown) => ({
  attributes: {
    'openinference.span.kind': 'LLM',
    'llm.model_name': 'm',
    'llm.invocation_parameters': JSON.stringify(parameters),
  },
});

describe('settings that are no parameters of a model', () => {
  itReads([
    ...[
      { context_window: 128000, is_chat_model: true, is_function_calling_model: true, system_role: 'system' },
      { _type: 'openai-chat', model_name: 'm', streaming: false },
      { api_base: 'http://a', num_retries: 2, max_retries: 3, timeout: 60 },
      { http_options: { headers: { 'x-goog-api-client': 'c' } } },
      { agentId: 'a', agentAliasId: 'b', enableTrace: true, sessionId: 's' },
      { user: 'u-1', metadata: { user_id: 'u-1' } },
    ].map((settings) => ({
      rule: `${Object.keys(settings).join(', ')} stay out`,
      span: bundle({ ...settings, temperature: 0.5 }),
      call: { parameters: { temperature: 0.5 } },
      absent: Object.keys(settings).map((name) => `parameters.${name}`),
    })),
    ...['options', 'textGenerationConfig', 'inferenceConfig'].map((group) => ({
      rule: `${group} holds parameters`,
      span: bundle({ [group]: { temperature: 0.5, maxTokenCount: 100 } }),
      call: { parameters: { temperature: 0.5, max_tokens: 100 } },
      absent: [`parameters.${group}`],
    })),
  ]);
});
