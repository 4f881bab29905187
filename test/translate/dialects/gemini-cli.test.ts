import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

describe('Gemini CLI', () => {
  const cli = (operation: string, attributes: Record<string, unknown> = {}): SpanParts => ({
    name: operation,
    kind: 'internal',
    scope: 'gemini-cli',
    attributes: { 'gen_ai.operation.name': operation, ...attributes },
  });

  itReads([
    {
      rule: 'a model call; a session id is no name of a prompt',
      span: {
        ...cli('llm_call', {
          'gen_ai.request.model': 'gemini-2.5-flash',
          'gen_ai.prompt.name': '51b13272-71c9-49c0-8d44-daa7f0d25afc',
          'gen_ai.usage.input_tokens': 141,
          'gen_ai.usage.output_tokens': 22,
        }),
        events: [
          {
            name: 'gemini_cli.api_response',
            timeMs: 1,
            attributes: {
              thoughts_token_count: 96,
              cached_content_token_count: 100,
              finish_reasons: ['stop'],
              response_text: 'Hello',
            },
          },
        ],
      },
      call: {
        kind: 'generation',
        framework: 'gemini-cli',
        provider: 'gcp.gemini',
        finishReason: 'stop',
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Hello' }] }],
        usage: {
          outputTokens: 22,
          reasoningTokens: 96,
          reasoningReporting: 'exclusive',
          cacheReadTokens: 100,
        },
      },
      absent: ['promptName'],
    },
    ...[
      ['tool_call', 'tool'],
      ['agent_call', 'agent'],
      ['user_prompt', 'agent'],
      ['schedule_tool_calls', 'step'],
    ].map(([operation = '', kind]) => ({
      rule: `${operation} is ${kind}`,
      span: cli(operation),
      call: { kind },
    })),
  ]);
});
