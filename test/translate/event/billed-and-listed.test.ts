import { expect, it } from 'vitest';
import { translateAll } from '../../corpus/pipeline.ts';
import { END_MS, type SpanParts, START_MS, span } from '../../support/spans.ts';

const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-5-mini',
  'gen_ai.provider.name': 'openai',
};

function eventsOf(...spans: readonly SpanParts[]) {
  return translateAll([spans.map(span)]).map(({ event }) => event);
}

it('takes the id of a user that is set as a whole', () => {
  const person = (user: string) => eventsOf({ attributes: { ...CHAT, user } })[0]?.distinct_id;
  expect(person('{"id":"u-1","plan":"pro"}')).toBe('u-1');
  expect(person('{"id":7}')).toBe('7');
  expect(person('{"plan":"pro"}')).toMatch(/^anon_/);
});

it('hands metadata of a span that is not sent to the calls below it', () => {
  const [call] = eventsOf(
    {
      spanId: '00000000000000aa',
      name: 'POST /chat',
      attributes: { 'trace.metadata.plan': 'pro', 'trace.metadata.user_id': 'u-2' },
    },
    {
      spanId: '00000000000000bb',
      parentSpanId: '00000000000000aa',
      attributes: { ...CHAT, 'trace.metadata.tier': 'gold' },
    },
  );
  expect(call).toMatchObject({
    distinct_id: 'u-2',
    properties: { metadata_plan: 'pro', metadata_tier: 'gold' },
  });
});

it('believes the tokens of the provider’s own SDK', () => {
  const same = {
    'gen_ai.response.id': 'msg_1',
    'gen_ai.request.model': 'claude-sonnet-4-5',
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
  };
  const events = eventsOf(
    {
      traceId: 'a'.repeat(32),
      scope: 'com.anthropic.sdk.python',
      attributes: {
        ...same,
        'gen_ai.usage.input_tokens': 2141,
        'gen_ai.usage.output_tokens': 8,
        'gen_ai.usage.cache_write.input_tokens': 2048,
      },
    },
    {
      traceId: 'b'.repeat(32),
      scope: 'opentelemetry.instrumentation.langchain',
      attributes: {
        ...same,
        'gen_ai.usage.input_tokens': 2141,
        'gen_ai.usage.output_tokens': 8,
        'gen_ai.usage.cache_creation.input_tokens': 0,
        'gen_ai.input.messages': JSON.stringify([
          { role: 'user', parts: [{ type: 'text', content: 'hi there' }] },
        ]),
        'gen_ai.output.messages': JSON.stringify([
          { role: 'assistant', parts: [{ type: 'text', content: 'hello' }] },
        ]),
      },
    },
  );
  const generations = events.filter(({ event }) => event === '$ai_generation');
  expect(generations).toHaveLength(1);
  expect(generations[0]?.properties).toMatchObject({
    $ai_cache_creation_input_tokens: 2048,
    $ai_output_choices: [{ content: 'hello' }],
  });
});

it('knows Vertex AI, which has prices of its own, by the instrumentation', () => {
  const attributes = {
    'llm.request.type': 'completion',
    'gen_ai.system': 'Google',
    'gen_ai.request.model': 'gemini-2.5-flash',
    'llm.usage.total_tokens': 3,
  };
  const provider = (scope: string) => eventsOf({ scope, attributes })[0]?.properties['$ai_provider'];
  expect(provider('@traceloop/instrumentation-vertexai')).toBe('vertex-ai');
  expect(provider('opentelemetry.instrumentation.google_generativeai')).toBe('gemini');
});

it('lets the making of an agent stand for the trace when the run is below it', () => {
  const made = {
    spanId: '00000000000000aa',
    name: 'create_agent a',
    attributes: { 'gen_ai.operation.name': 'create_agent', 'gen_ai.provider.name': 'openai' },
  };
  const run = {
    spanId: '00000000000000bb',
    parentSpanId: '00000000000000aa',
    attributes: CHAT,
    startTimeMs: START_MS + 1,
    endTimeMs: END_MS - 1,
  };
  expect(eventsOf(run, made).map(({ event }) => event)).toEqual(['$ai_generation', '$ai_trace']);
});

it('prices models by the application’s own list, which the span’s own prices overrule', () => {
  const modelPrices = {
    'gpt-5-mini': {
      inputUsdPerMillionTokens: 2,
      outputUsdPerMillionTokens: 8,
      cacheReadUsdPerMillionTokens: 0.5,
      requestUsd: 0.01,
    },
    'gpt*': { inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 1 },
  };
  const propertiesOf = (attributes: Record<string, unknown>) =>
    translateAll([[span({ attributes: { ...CHAT, ...attributes } })]], { modelPrices })[0]?.event.properties;
  expect(propertiesOf({})).toMatchObject({
    $ai_input_token_price: 0.000002,
    $ai_output_token_price: 0.000008,
    $ai_cache_read_token_price: 0.0000005,
    $ai_request_price: 0.01,
  });
  expect(propertiesOf({ 'gen_ai.request.model': 'openai/gpt-4o' })).toMatchObject({
    $ai_input_token_price: 0.000001,
  });
  expect(propertiesOf({ $ai_input_token_price: 5 })).toMatchObject({ $ai_input_token_price: 5 });
  expect(propertiesOf({ 'gen_ai.request.model': 'claude' })).not.toHaveProperty('$ai_input_token_price');
});

it('reads Langfuse’s usage and cost when each bucket is an attribute', () => {
  const [event] = eventsOf({
    attributes: {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.model.name': 'gpt-4o',
      'langfuse.observation.usage_details.input': 20,
      'langfuse.observation.usage_details.input_cached_tokens': 10,
      'langfuse.observation.usage_details.output': 5,
      'langfuse.observation.cost_details.total': 0.01,
    },
  });
  expect(event?.properties).toMatchObject({
    $ai_input_tokens: 30,
    $ai_cache_read_input_tokens: 10,
    $ai_cache_reporting_exclusive: false,
    $ai_output_tokens: 5,
    $ai_total_cost_usd: 0.01,
  });
});

it.each(['http.status', 'status_code', 'exception.status_code'])('finds the HTTP status in %s', (name) => {
  const failed: SpanParts = { attributes: { ...CHAT, [name]: 429 }, status: { code: 'error', message: 'x' } };
  expect(eventsOf(failed)[0]?.properties['$ai_http_status']).toBe(429);
});

it('finds the HTTP status of an exception', () => {
  const attributes = { 'exception.type': 'E', 'http.response.status_code': 429 };
  const events = [{ name: 'exception', timeMs: END_MS, attributes }];
  const failed: SpanParts = { attributes: CHAT, events, status: { code: 'error', message: 'x' } };
  expect(eventsOf(failed)[0]?.properties['$ai_http_status']).toBe(429);
});

it('makes nothing of OpenRouter’s test of a connection', () => {
  expect(eventsOf({ name: 'openrouter-connection-test', scope: 'openrouter' })).toEqual([]);
});
