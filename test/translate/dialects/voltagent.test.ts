import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

describe('VoltAgent', () => {
  const voltagent = (name: string, attributes: Record<string, unknown> = {}): SpanParts => ({
    name,
    kind: 'client',
    scope: '@voltagent/core',
    attributes: { 'entity.type': 'agent', 'entity.name': 'Weather', 'conversation.id': 'c', ...attributes },
  });

  itReads([
    {
      rule: 'a model call has prompt, parameters and usage',
      span: voltagent('llm:streamText', {
        'span.type': 'llm',
        'llm.model': 'gpt-4o-mini',
        'llm.stream': true,
        'llm.temperature': 0.2,
        'llm.messages': '[{"role":"user","content":[{"type":"text","text":"Hi"}]}]',
        'llm.usage.prompt_tokens': 1209,
        'llm.usage.completion_tokens': 8,
        'llm.usage.total_tokens': 1217,
        'llm.usage.cached_tokens': 1024,
        'llm.finish_reason': 'stop',
      }),
      call: {
        kind: 'generation',
        dialect: 'voltagent',
        framework: 'voltagent',
        model: 'gpt-4o-mini',
        streaming: true,
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        usage: { inputTokens: 1209, outputTokens: 8, cacheReadTokens: 1024, cacheReporting: 'inclusive' },
        finishReason: 'stop',
        trace: { sessionId: 'c' },
      },
    },
    {
      rule: 'a tool has arguments and result',
      span: voltagent('tool.execution:f', {
        'span.type': 'tool',
        'tool.name': 'f',
        'tool.call.id': 'call_1',
        input: '{"a":1}',
        output: '{"b":2}',
      }),
      call: { kind: 'tool', toolName: 'f', inputState: { a: 1 }, outputState: { b: 2 } },
    },
    {
      rule: 'the root of an agent has no type, and the context of the user',
      span: voltagent('Weather', { input: 'Hi', output: 'Hello', 'agent.context': '{"plan":"pro"}' }),
      call: {
        kind: 'agent',
        agentName: 'Weather',
        inputState: 'Hi',
        outputState: 'Hello',
        trace: { metadata: { plan: 'pro' } },
      },
    },
    {
      rule: 'reading the memory is no call',
      span: voltagent('m', { 'span.type': 'memory' }),
      call: { kind: 'memory' },
    },
    {
      rule: 'its root names a model that it does not call',
      span: voltagent('Weather', { 'ai.model.name': 'm', 'usage.prompt_tokens': 5 }),
      call: { kind: 'agent', model: 'm' },
      absent: ['usage'],
    },
  ]);
});
