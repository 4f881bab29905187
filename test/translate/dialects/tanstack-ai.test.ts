import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';

const model = { 'gen_ai.system': 'openai-chat', 'gen_ai.request.model': 'gpt-4o-mini' };
const spent = {
  'gen_ai.usage.input_tokens': 163,
  'gen_ai.usage.output_tokens': 36,
  'gen_ai.usage.cost': 0.01,
};

describe('TanStack AI', () => {
  itReads([
    {
      rule: 'an iteration is the call',
      span: {
        scope: 'my-app',
        name: 'chat gpt-4o-mini #0',
        attributes: { ...model, ...spent, 'gen_ai.operation.name': 'chat', 'tanstack.ai.iteration': 0 },
      },
      call: {
        kind: 'generation',
        dialect: 'tanstack-ai',
        framework: 'tanstack-ai',
        provider: 'openai',
        usage: { inputTokens: 163, outputTokens: 36 },
        cost: { totalUsd: 0.01 },
      },
    },
    {
      rule: 'the root repeats the sum',
      span: {
        scope: 'my-app',
        kind: 'internal',
        name: 'chat gpt-4o-mini',
        attributes: { ...model, ...spent, 'tanstack.ai.iterations': 2 },
      },
      call: { kind: 'agent' },
      absent: ['usage', 'cost'],
    },
    {
      rule: 'an aborted root',
      span: {
        scope: 'my-app',
        kind: 'internal',
        attributes: { ...model, ...spent, 'tanstack.ai.completion.reason': 'cancelled' },
      },
      call: { kind: 'agent' },
    },
    {
      rule: 'an aborted iteration stays a call',
      span: {
        scope: 'my-app',
        attributes: {
          ...model,
          'gen_ai.operation.name': 'chat',
          'tanstack.ai.completion.reason': 'cancelled',
        },
      },
      call: { kind: 'generation' },
    },
    {
      rule: 'a tool, with arguments and result out of their messages',
      span: {
        scope: 'my-app',
        kind: 'internal',
        name: 'execute_tool weather',
        attributes: {
          'gen_ai.tool.name': 'weather',
          'gen_ai.tool.call.id': 'c1',
          'tanstack.ai.tool.outcome': 'success',
          'gen_ai.input.messages': '[{"role":"tool","content":"{\\"city\\":\\"Paris\\"}"}]',
          'gen_ai.output.messages': '[{"role":"tool","content":"{\\"sky\\":\\"sunny\\"}"}]',
          'langfuse.observation.input': '[{"role":"tool","content":"{\\"city\\":\\"Paris\\"}"}]',
        },
      },
      call: {
        kind: 'tool',
        toolName: 'weather',
        inputState: { city: 'Paris' },
        outputState: { sky: 'sunny' },
      },
    },
    {
      rule: 'a tool that failed before it had an outcome',
      span: {
        scope: 'my-app',
        kind: 'internal',
        attributes: { 'gen_ai.tool.name': 'w', 'gen_ai.tool.call.id': 'c' },
      },
      call: { kind: 'tool' },
    },
    {
      rule: 'media operations',
      span: { scope: 'my-app', attributes: { ...model, 'gen_ai.operation.name': 'image_generation' } },
      call: { kind: 'generation' },
    },
  ]);
});
