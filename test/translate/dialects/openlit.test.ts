import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

const FIRST_TOKEN = 'gen_ai.server.time_to_first_token';

function chat(attributes: Record<string, unknown>, scope = 'openlit.instrumentation.openai'): SpanParts {
  return {
    name: 'chat gpt-4o',
    scope,
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', ...attributes },
  };
}

describe('the time to the first token', () => {
  itReads([
    {
      rule: 'is in seconds (Python)',
      span: chat({ 'gen_ai.request.stream': true, [FIRST_TOKEN]: 0.42 }),
      call: { timeToFirstTokenSeconds: 0.42, streaming: true, dialect: 'openlit' },
    },
    {
      rule: 'is in seconds (JavaScript)',
      span: chat(
        { 'gen_ai.request.is_stream': true, [FIRST_TOKEN]: 0.42 },
        '@openlit/instrumentation-openai',
      ),
      call: { timeToFirstTokenSeconds: 0.42, streaming: true },
    },
    {
      rule: 'is the length of the span where nothing was streamed',
      span: chat({ 'gen_ai.request.stream': false, [FIRST_TOKEN]: 1.5 }),
      call: { kind: 'generation' },
      absent: ['timeToFirstTokenSeconds'],
    },
    {
      rule: 'is in milliseconds on the spans of Strands',
      span: chat({ [FIRST_TOKEN]: 420 }, 'strands.telemetry.tracer'),
      call: { timeToFirstTokenSeconds: 0.42 },
    },
    {
      rule: 'longer than the call is no time that was measured',
      span: chat({ 'gen_ai.request.stream': true, [FIRST_TOKEN]: 420 }),
      call: { kind: 'generation' },
      absent: ['timeToFirstTokenSeconds'],
    },
  ]);
});
