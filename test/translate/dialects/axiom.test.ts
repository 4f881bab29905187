import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';

describe('Axiom', () => {
  itReads([
    {
      rule: 'a tool under names of its own, with what of the application asked',
      span: {
        name: 'execute_tool f',
        scope: 'axiom',
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'f',
          'gen_ai.tool.arguments': '{"a":1}',
          'gen_ai.tool.message': '{"b":2}',
          'gen_ai.capability.name': 'geo',
          'gen_ai.step.name': 'answer',
        },
      },
      call: {
        kind: 'tool',
        inputState: { a: 1 },
        outputState: { b: 2 },
        trace: { metadata: { capability: 'geo', step: 'answer' } },
      },
    },
  ]);
});
