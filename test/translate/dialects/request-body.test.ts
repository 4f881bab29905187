import { describe } from 'vitest';
import { itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

/** A request to OpenRouter through an OpenAI client, as OpenRouter's Broadcast guide describes its members. */
const BODY = {
  temperature: 0.5,
  user: 'user_12345',
  session_id: 'session_abc',
  trace: {
    trace_id: 'workflow_1',
    trace_name: 'Product Recommendations',
    generation_name: 'Recommend',
    parent_span_id: 'span_0',
    feature: 'shop',
    ab: { group: 'b' },
  },
};

function openInference(body: object, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    scope: '@arizeai/openinference-instrumentation-openai',
    attributes: {
      'openinference.span.kind': 'LLM',
      'llm.model_name': 'openai/gpt-4o-mini',
      'llm.invocation_parameters': JSON.stringify(body),
      ...attributes,
    },
  };
}

const TRACE = {
  traceId: 'workflow_1',
  traceName: 'Product Recommendations',
  generationName: 'Recommend',
  parentSpanId: 'span_0',
  user: 'user_12345',
  sessionId: 'session_abc',
};

describe('the request to OpenRouter, where an instrumentation records it', () => {
  itReads([
    {
      rule: 'is read whole',
      span: openInference(BODY),
      call: { trace: { ...TRACE, metadata: { feature: 'shop' } }, parameters: { temperature: 0.5 } },
      absent: ['parameters.trace', 'parameters.session_id'],
    },
    {
      rule: 'is read inside extra_body too, where Python clients put it',
      span: openInference({ extra_body: BODY }),
      call: { trace: { ...TRACE, metadata: { feature: 'shop' } } },
    },
    {
      rule: 'names the call by span_name when it has no generation_name',
      span: openInference({ trace: { span_name: 'Rank' } }),
      call: { trace: { generationName: 'Rank' } },
    },
    {
      rule: 'yields to what the span says itself',
      span: openInference(BODY, { 'session.id': 'own', 'user.id': 'own_user', 'trace.trace_name': 'Own' }),
      call: { trace: { ...TRACE, sessionId: 'own', user: 'own_user', traceName: 'Own' } },
    },
    {
      rule: 'of Logfire is the same body',
      span: {
        scope: 'logfire.openai',
        attributes: {
          'gen_ai.operation.name': 'chat',
          request_data: JSON.stringify({ model: 'gpt-4o', ...BODY }),
        },
      },
      call: { trace: { traceId: 'workflow_1', sessionId: 'session_abc', metadata: { feature: 'shop' } } },
    },
    {
      rule: 'that is broken says nothing',
      span: openInference({}, { 'llm.invocation_parameters': '{"trace":{"trace_id":"wo' }),
      call: { kind: 'generation' },
    },
    {
      rule: 'whose trace is no object says nothing',
      span: openInference({ trace: 'on', session_id: { id: 1 } }),
      absent: ['trace.traceId', 'trace.sessionId'],
    },
  ]);
});
