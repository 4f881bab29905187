import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

describe('Pipecat', () => {
  const pipecat = (name: string, attributes: Record<string, unknown> = {}): SpanParts => ({
    name,
    kind: 'internal',
    scope: name === 'llm' ? 'pipecat' : 'pipecat.turn',
    attributes,
  });
  const HI = [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }];

  itReads([
    ...['input', 'messages'].map((key) => ({
      rule: `${key} is the prompt`,
      span: pipecat('llm', {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o',
        [key]: '[{"role":"user","content":"Hi"}]',
        output: 'Hello',
        stream: true,
        'metrics.ttfb': 0.25,
      }),
      call: {
        kind: 'generation',
        framework: 'pipecat',
        input: HI,
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Hello' }] }],
        streaming: true,
        timeToFirstTokenSeconds: 0.25,
      },
    })),
    {
      rule: 'a conversation',
      span: pipecat('conversation', { 'conversation.id': 'c' }),
      call: { kind: 'workflow', trace: { sessionId: 'c' } },
    },
    { rule: 'a turn', span: pipecat('turn'), call: { kind: 'step' } },
    { rule: 'speech', span: pipecat('stt', { transcript: 'Hi' }), call: { kind: 'step', input: HI } },
  ]);
});
