import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../support/batch.ts';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

const event = (name: string, attributes: Record<string, unknown>) => ({ name, timeMs: 1, attributes });

function monocle(
  type: string,
  attributes: Record<string, unknown>,
  events: SpanParts['events'] = [],
): SpanParts {
  return {
    scope: 'monocle_apptrace',
    name: 'openai.resources.chat.completions.Completions',
    attributes: {
      'monocle_apptrace.version': '0.6.0',
      'span.type': type,
      'scope.agentic.session': 'session-abc',
      ...attributes,
    },
    events,
  };
}

const INFERENCE = {
  'entity.1.type': 'inference.azure_openai',
  'entity.1.inference_endpoint': 'https://example.openai.azure.com/',
  'entity.2.name': 'gpt-4o-mini',
  'entity.2.type': 'model.llm.gpt-4o-mini',
};
const SAID = [
  event('data.input', { input: ['{"system": "Be brief."}', '{"user": "Where?"}'] }),
  event('data.output', { response: '{"assistant": "Paris."}' }),
];
const METADATA = event('metadata', {
  ...{ temperature: 0.1, prompt_tokens: 12, completion_tokens: 3, total_tokens: 15, cache_read_tokens: 4 },
  finish_reason: 'stop',
});

describe('Monocle', () => {
  itReads([
    {
      rule: 'a call: what was said and what it took are in events',
      span: monocle('inference', INFERENCE, [...SAID, METADATA]),
      call: {
        kind: 'generation',
        dialect: 'monocle',
        model: 'gpt-4o-mini',
        baseUrl: 'https://example.openai.azure.com/',
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Where?' }] },
        ],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Paris.' }] }],
        usage: { inputTokens: 12, outputTokens: 3, totalTokens: 15, cacheReadTokens: 4 },
        finishReason: 'stop',
        parameters: { temperature: 0.1 },
        trace: { sessionId: 'session-abc' },
      },
    },
    {
      rule: 'a prompt and an answer without roles',
      span: monocle('inference.framework', INFERENCE, [
        event('data.input', { input: 'Where?' }),
        event('data.output', { response: 'Paris.' }),
      ]),
      call: {
        kind: 'generation',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Where?' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Paris.' }] }],
      },
    },
    {
      rule: 'a tool',
      span: monocle(
        'agentic.tool.invocation',
        { 'entity.1.type': 'tool.function', 'entity.1.name': 'lookup', 'entity.2.name': 'planner' },
        [event('data.input', { input: '{"id":7}' }), event('data.output', { response: '{"ok":true}' })],
      ),
      call: { kind: 'tool', toolName: 'lookup', inputState: { id: 7 }, outputState: { ok: true } },
      absent: ['agentName', 'model'],
    },
    {
      rule: 'an agent',
      span: monocle('agentic.invocation', { 'entity.1.type': 'agent.langgraph', 'entity.1.name': 'planner' }),
      call: { kind: 'agent', agentName: 'planner' },
      absent: ['toolName'],
    },
    {
      rule: 'an embedding',
      span: monocle('embedding', {
        'entity.1.name': 'text-embedding-3-small',
        'entity.1.type': 'model.embedding.text-embedding-3-small',
      }),
      call: { kind: 'embedding', model: 'text-embedding-3-small' },
    },
  ]);

  it('counts the call of a framework once', () => {
    const outer = {
      ...monocle('inference.framework', INFERENCE, [...SAID, METADATA]),
      spanId: 'aaaaaaaaaaaaaaaa',
    };
    const inner = { ...monocle('inference.modelapi', {}), parentSpanId: 'aaaaaaaaaaaaaaaa' };
    expect(eventsOf([inner, outer])).toMatchObject([{ event: '$ai_generation', $ai_input_tokens: 12 }]);
  });
});
