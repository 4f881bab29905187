import { describe, expect, it } from 'vitest';
import { chatProperties, eventOf } from '../../support/events.ts';

const TRACE = {
  trace_name: 'Product Recommendations',
  generation_name: 'Generate Recommendation',
  feature: 'shopping-assistant',
  ab_test_group: 'variant_b',
};

describe("OpenRouter's own example", () => {
  const forms: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['trace.<key>', Object.fromEntries(Object.entries(TRACE).map(([key, value]) => [`trace.${key}`, value]))],
    [
      'trace.metadata.<key>',
      Object.fromEntries(Object.entries(TRACE).map(([key, value]) => [`trace.metadata.${key}`, value])),
    ],
    ['one JSON attribute', { trace: JSON.stringify(TRACE) }],
    ['one structured attribute', { trace: TRACE }],
  ];

  it.each(forms)('comes out the same from %s', (_form, attributes) => {
    const event = eventOf({
      attributes: {
        'gen_ai.operation.name': 'chat',
        'user.id': 'user_12345',
        'session.id': 'session_abc',
        ...attributes,
      },
    });
    expect(event.distinct_id).toBe('user_12345');
    expect(event.properties).toMatchObject({
      trace_name: 'Product Recommendations',
      $ai_span_name: 'Generate Recommendation',
      metadata_feature: 'shopping-assistant',
      metadata_ab_test_group: 'variant_b',
      $ai_user: 'user_12345',
      $ai_session_id: 'session_abc',
    });
    expect(event.properties).not.toHaveProperty('$ai_trace_name');
    expect(event.properties).not.toHaveProperty('metadata_trace_name');
    expect(event.properties).not.toHaveProperty('$process_person_profile');
  });

  it('takes plain user and session_id as in the request body', () => {
    const properties = chatProperties({ user: 'user_12345', session_id: 'session_abc' });
    expect(properties).toMatchObject({ $ai_user: 'user_12345', $ai_session_id: 'session_abc' });
  });
});

describe('trace ids', () => {
  it.each([
    ['order-42', 'order-42'],
    ['a/b?c#d%e f', 'a_b_c_d_e_f'],
    ["-_~.@()!':|", "-_~.@()!':|"],
    ['straße', 'stra_e'],
  ])('%s becomes %s', (given, sent) => {
    expect(chatProperties({ 'trace.trace_id': given }).$ai_trace_id).toBe(sent);
  });

  it('are those of the span when the application sets none', () => {
    expect(chatProperties({}, { traceId: 'ab'.repeat(16) }).$ai_trace_id).toBe('ab'.repeat(16));
  });

  it('stay distinct when they are too long', () => {
    const long = (ending: string) =>
      String(chatProperties({ 'trace.trace_id': `${'x'.repeat(500)}${ending}` }).$ai_trace_id);
    expect(long('a')).toHaveLength(200);
    expect(long('a')).not.toBe(long('b'));
  });
});

describe('the parent', () => {
  it.each([
    [
      "the user's wish",
      { 'trace.parent_span_id': 'my-span' },
      { parentSpanId: '00f067aa0ba902b7' },
      'my-span',
    ],
    ["the span's parent", {}, { parentSpanId: '00f067aa0ba902b7' }, '00f067aa0ba902b7'],
    ['the trace', {}, { traceId: 'cd'.repeat(16) }, 'cd'.repeat(16)],
  ])('is %s', (_case, attributes, parts, parent) => {
    expect(chatProperties(attributes, parts).$ai_parent_id).toBe(parent);
  });
});

describe('custom metadata', () => {
  it('keeps three levels', () => {
    const properties = chatProperties({ trace: { deep: { a: { b: { c: { d: 1 } } } }, list: [[[['x']]]] } });
    expect(properties.metadata_deep).toEqual({ a: { b: { c: '[truncated]' } } });
    expect(properties.metadata_list).toEqual([[['[truncated]']]]);
  });

  it('keeps as many levels as the user wants', () => {
    const properties = chatProperties({ trace: { deep: { a: { b: 1 } } } }, {}, { maxMetadataDepth: 1 });
    expect(properties.metadata_deep).toEqual({ a: '[truncated]' });
  });

  it('reads nested values from JSON text, and keeps other text as it is', () => {
    const properties = chatProperties({
      'trace.cart': '{"items":2}',
      'trace.note': '{not json',
      'trace.n': '5',
    });
    expect(properties).toMatchObject({
      metadata_cart: { items: 2 },
      metadata_note: '{not json',
      metadata_n: '5',
    });
  });

  it('has span_name as an ordinary key', () => {
    expect(chatProperties({ 'trace.span_name': 'step 1' }).metadata_span_name).toBe('step 1');
  });

  it('takes the prefix from the options; the empty one gives plain names', () => {
    expect(chatProperties({ 'trace.feature': 'x' }, {}, { metadataPrefix: 'llm_' }).llm_feature).toBe('x');
    expect(chatProperties({ 'trace.feature': 'x' }, {}, { metadataPrefix: '' }).feature).toBe('x');
  });

  it.each([
    '$ai_model',
    '$set',
    'distinct_id',
    'token',
    '__proto__',
    'constructor',
    'trace_name',
    'service.name',
  ])('cannot take the place of %s', (key) => {
    const trace = JSON.stringify({ [key]: 'hostile', trace_name: 'mine' }).replace(
      '"hostile"',
      '{"polluted":true}',
    );
    const properties = chatProperties(
      { trace },
      { resource: { 'service.name': 'shop' } },
      { metadataPrefix: '' },
    );
    const expected = { $ai_model: 'gpt-4o', trace_name: 'mine', 'service.name': 'shop' } as Record<
      string,
      unknown
    >;
    if (key in expected) expect(properties[key]).toEqual(expected[key]);
    else expect(Object.hasOwn(properties, key)).toBe(false);
    expect(Object.getPrototypeOf(properties)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('survives a trace attribute that is no JSON', () => {
    expect(chatProperties({ trace: '{"feature":' }).$ai_model).toBe('gpt-4o');
  });
});

describe('metadata that an instrumentation fills', () => {
  const metadataOf = (
    attributes: Readonly<Record<string, unknown>>,
    scope = 'openinference.instrumentation.x',
  ) => {
    const properties = chatProperties({ 'openinference.span.kind': 'LLM', ...attributes }, { scope });
    return Object.fromEntries(Object.entries(properties).filter(([name]) => name.startsWith('metadata_')));
  };
  const own = { plan: 'pro', attempt: 2, 'shop.region': 'eu', ai: 'yes', metals: 1, header: 'h' };
  const ownMetadata = Object.fromEntries(
    Object.entries(own).map(([key, value]) => [`metadata_${key}`, value]),
  );

  it.each([
    [
      'attributes of the span again',
      { 'gen_ai.usage.input_tokens': 5, 'server.address': 'a', 'llm.model_name': 'm' },
    ],
    ['more of them', { 'error.type': 'E', 'ai.model.id': 'm', 'gen_ai.system_instructions': 'Be brief.' }],
    [
      'loops of frameworks',
      { 'event_loop.cycle_id': 'c', 'agent_framework.function.invocation.duration': 0.1 },
    ],
    ['bookkeeping of LangGraph', { langgraph_step: 1, langgraph_path: ['a'], checkpoint_ns: 'n:1' }],
    [
      'bookkeeping of LangChain',
      { lc_versions: { core: '1' }, ls_provider: 'openai', is_langchain_root: true },
    ],
    ['values of nothing', { user_api_key_alias: null, region: null }],
    ['credentials', { user_api_key_hash: '3f23', user_api_key_user_email: 'a@example.com' }],
    ['headers', { headers: { cookie: 'c' }, request_headers: {}, requester_metadata: "{'cookie': 'c'}" }],
    ['copies of usage', { usage_object: { prompt_tokens: 5 } }],
  ])('is sent without %s', (_what, noise) => {
    expect(metadataOf({ metadata: JSON.stringify({ ...own, ...noise }) })).toEqual(ownMetadata);
    expect(metadataOf({ metadata: JSON.stringify(noise) })).toEqual({});
  });

  it('is sent without the quotes of a library that writes each value as JSON', () => {
    const attributes = { 'langfuse.trace.metadata.plan': '"pro"', 'langfuse.trace.metadata.said': '"a' };
    expect(metadataOf(attributes, 'langfuse-sdk')).toEqual({ metadata_plan: 'pro', metadata_said: '"a' });
  });

  it.each([
    { metadata: '{"lc_agent_name":"weather"}' },
    { 'traceloop.association.properties.lc_agent_name': 'weather' },
  ])("names LangChain's agent, %j", (attributes) => {
    const properties = chatProperties({ 'openinference.span.kind': 'LLM', ...attributes });
    expect(properties.$ai_agent_name).toBe('weather');
    expect(properties).not.toHaveProperty('metadata_lc_agent_name');
  });

  it.each([
    ['weather', 'weather'],
    ['ask_weather', undefined],
  ])('leaves an agent called %s its name', (name, agentName) => {
    const attributes = { 'openinference.span.kind': 'AGENT', metadata: '{"lc_agent_name":"weather"}' };
    const { properties } = eventOf({ name, attributes });
    expect([properties.$ai_span_name, properties.$ai_agent_name]).toEqual([name, agentName]);
  });

  it('is sent whole where the application says it itself', () => {
    const trace = { langgraph_step: 1, headers: 'none', 'gen_ai.x': 1 };
    expect(metadataOf({ trace: JSON.stringify(trace) })).toEqual({
      metadata_langgraph_step: 1,
      metadata_headers: 'none',
      'metadata_gen_ai.x': 1,
    });
  });
});

describe('names on a trace event', () => {
  it('carries the trace name as its span name too', () => {
    const event = eventOf({
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'trace.trace_name': 'Support',
        'gen_ai.agent.name': 'Planner',
      },
    });
    expect([event.event, event.properties.$ai_span_name, event.properties.trace_name]).toEqual([
      '$ai_trace',
      'Support',
      'Support',
    ]);
  });
});

describe('groups and web session', () => {
  it('are read from PostHog attribute names', () => {
    const properties = chatProperties({ $groups: '{"company":"acme","seat":7}', $session_id: 'replay-1' });
    expect(properties).toMatchObject({ $groups: { company: 'acme', seat: '7' }, $session_id: 'replay-1' });
  });
});
