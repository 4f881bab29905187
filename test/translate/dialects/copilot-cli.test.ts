import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function copilot(operation: string, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    name: operation,
    scope: 'github.copilot',
    attributes: { 'gen_ai.operation.name': operation, 'gen_ai.request.model': 'gpt-5', ...attributes },
  };
}

describe('Copilot CLI', () => {
  itReads([
    {
      rule: 'the scope of older releases',
      span: { ...copilot('chat'), scope: '@github/copilot' },
      call: { dialect: 'copilot-cli' },
    },
    {
      rule: 'chat counts, premium requests are no money',
      span: copilot('chat', {
        'gen_ai.usage.input_tokens': 15_560,
        'gen_ai.usage.output_tokens': 153,
        'gen_ai.usage.reasoning.output_tokens': 64,
        'github.copilot.cost': 1,
        'github.copilot.nano_aiu': 123,
        'github.copilot.github.org': 'acme',
        'github.copilot.prompt': 'secret',
        'enduser.pseudo.id': 'hash-1',
      }),
      call: {
        kind: 'generation',
        dialect: 'copilot-cli',
        usage: { inputTokens: 15_560, reasoningTokens: 64 },
        trace: {
          user: 'hash-1',
          metadata: {
            copilot_cost_premium_requests: 1,
            copilot_nano_aiu: 123,
            copilot_organization: 'acme',
          },
        },
      },
      absent: ['cost', 'trace.metadata.prompt'],
    },
    {
      rule: 'the root repeats the sum',
      span: copilot('invoke_agent', { 'gen_ai.usage.input_tokens': 15_560 }),
      call: { kind: 'agent' },
      absent: ['usage'],
    },
    {
      rule: 'a tool, known by its scope alone',
      span: copilot('execute_tool'),
      call: { kind: 'tool', dialect: 'copilot-cli' },
    },
  ]);
});
