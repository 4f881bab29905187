import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsOf, eventsWith } from './support/batch.ts';
import type { SpanParts } from './support/spans.ts';

/** Small inputs of many emitters, each of which came out wrong once. */
const CASES = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/cases.json'), 'utf8')) as Readonly<
  Record<string, readonly SpanParts[]>
>;

type Event = Readonly<Record<string, unknown>>;

const USER_77 = { person: 'user_77', $ai_session_id: 'sess-42' };
const COMPANY = { ...USER_77, $groups: { company: 'acme' } };
const CODEX = { $ai_session_id: '01a20000-0000-7000-8000-000000000001' };
const call = (more: Event = {}): Event => ({ event: '$ai_generation', ...more });
const named = (name: string) => expect.objectContaining({ function: expect.objectContaining({ name }) });
const said = (content: string) => [expect.objectContaining({ role: 'assistant', content })];
const asked = (content: string) => [expect.objectContaining({ role: 'user', content })];
const without = (...names: string[]) =>
  expect.not.objectContaining(Object.fromEntries(names.map((name) => [name, expect.anything()])));
const OFFERS_LOOKUP = call({ $ai_tools: [named('lookup')] });
const OK_AND_GET = call({
  $ai_output_choices: [expect.objectContaining({ content: 'Ok', tool_calls: [named('get')] })],
});

/** What the events are, in their order: members of an object are compared, matchers see the whole event. */
const WANTED: Readonly<Record<string, readonly Event[]>> = {
  'mapping/agent-without-operation': [{ $ai_span_type: 'agent' }],
  'mapping/finish-enum-forms': [
    ...['stop', 'length', 'tool_calls', 'stop', 'stop', 'length', 'tool_calls', 'tool_calls', 'tool_calls'],
    ...['content_filter', 'stop', 'length', 'pause_turn', 'length'],
  ].map((reason) => call({ $ai_stop_reason: reason })),
  'mapping/langfuse-structured-output-siblings': [
    call({
      $ai_output_choices: said('{"role":"admin","content":"may edit","permissions":["read","write"]}'),
      $ai_input: expect.arrayContaining(asked('{"context":["doc one"],"customerTier":"gold"}')),
    }),
  ],
  'mapping/lat3627-openai-response': [
    call({
      $ai_output_choices: [
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'simple sum' }] },
        { role: 'assistant', content: 'Five.' },
      ],
    }),
  ],
  'mapping/lf10974-pydantic-old-details': [
    call({
      $ai_cache_read_input_tokens: 100,
      $ai_cache_creation_input_tokens: 20,
      $ai_cache_reporting_exclusive: false,
    }),
  ],
  'mapping/lf11135-flat-usage': [
    call({ $ai_input_tokens: 20, $ai_output_tokens: 5, $ai_total_cost_usd: 0.01 }),
  ],
  'mapping/lf14902-input_cached_tokens': [
    call({ $ai_cache_read_input_tokens: 1024, $ai_cache_reporting_exclusive: false }),
  ],
  'mapping/lf5422-llm-attrs-without-kind': [
    call({ $ai_model: 'gpt-4o', $ai_input_tokens: 9, $ai_output_tokens: 2 }),
  ],
  'mapping/litellm13884-metadata': [
    call({ ...USER_77, trace_name: 'checkout', $ai_span_name: 'answer' }),
    { event: '$ai_trace', $ai_span_name: 'checkout' },
  ],
  'mapping/mastra16261-zero-parent': [
    { event: '$ai_trace', $ai_span_type: 'span' },
    call({ $ai_input_tokens: 120, $ai_output_tokens: 9 }),
  ],
  'mapping/meta-braintrust': [call(USER_77)],
  'mapping/meta-braintrust-below': [call(USER_77)],
  'mapping/meta-langfuse-observation': [call(USER_77)],
  'mapping/meta-langfuse-trace': [call(USER_77)],
  'mapping/meta-langwatch': [call(USER_77)],
  'mapping/meta-litellm': [call(USER_77)],
  'mapping/meta-oi-below': [call(USER_77)],
  'mapping/meta-pydantic': [call(USER_77)],
  'mapping/mlflow18532-double-encoded': [
    call({
      $ai_output_choices: [
        expect.objectContaining({
          tool_calls: [
            expect.objectContaining({ function: { name: 'get_weather', arguments: '{"location": "Bonn"}' } }),
          ],
        }),
      ],
    }),
    { $ai_span_type: 'tool', $ai_input_state: { location: 'Bonn' } },
  ],
  'mapping/oi1109-tool-result-contents': [
    call({
      $ai_input: expect.arrayContaining([
        { role: 'tool', tool_call_id: 'toolu_1', content: 'Now: 4 C\nTonight: snow' },
      ]),
    }),
  ],
  'mapping/oi1109-tool-result-image': [
    call({ $ai_input: expect.arrayContaining([expect.objectContaining({ content: '[media]' })]) }),
  ],
  // That the SDK threw attributes away is said in the log and by `explain`.
  'mapping/oi281-dropped-attributes': [call()],
  'mapping/openhands4817-laminar': [
    call({
      $ai_input: asked('fix the test'),
      $ai_output_choices: said('ok'),
      person: 'user_9',
      $ai_session_id: 's-9',
    }),
  ],
  'mapping/openlit-ttft-seconds': [call({ $ai_time_to_first_token: 0.42 })],
  'mapping/openlit635-unset-with-handled-exception': [without('$ai_is_error')],
  'mapping/pc4038-openai-v2-logs': [call({ $ai_stop_reason: 'tool_calls' })],
  'mapping/ph-langwatch': [call(COMPANY)],
  'mapping/ph-oi-json': [call(COMPANY)],
  'mapping/ph-pydantic': [call(COMPANY)],
  'mapping/pipecat3011-underscore-cache': [
    call({
      $ai_input: asked('Is the shop open on Sunday?'),
      $ai_output_choices: said('Yes, from ten to four.'),
      $ai_time_to_first_token: 0.41,
      $ai_stream: true,
    }),
  ],
  'mapping/pipecat6903-old-messages': [
    call({ $ai_input: asked('hey'), $ai_output_choices: said('yo'), $ai_time_to_first_token: 0.3 }),
  ],
  // Lists that were cut still tell names; see below for privacy mode.
  'mapping/priv-truncated-tools': [OFFERS_LOOKUP],
  'mapping/priv-truncated-tools-vercel': [OFFERS_LOOKUP],
  'mapping/py-error-openai': [call({ $ai_http_status: 429 })],
  'mapping/py-error-pydantic': [call({ $ai_http_status: 503 })],
  'mapping/py-error-typed': [call({ $ai_http_status: 429 })],
  'mapping/pyd4364-short-cache': [
    call({
      $ai_cache_read_input_tokens: 5000,
      $ai_cache_creation_input_tokens: 290,
      $ai_cache_reporting_exclusive: false,
    }),
  ],
  'mapping/pydantic-google-thoughts': [call({ $ai_reasoning_tokens: 40, $ai_cache_read_input_tokens: 64 })],
  'mapping/pydantic-openai-cached_tokens': [
    call({ $ai_cache_read_input_tokens: 100, $ai_cache_reporting_exclusive: false }),
  ],
  'mapping/sentrypy5849-generate_text': [
    call({ $ai_input_tokens: 9, $ai_output_tokens: 11, $ai_input: asked('x') }),
  ],
  'mapping/sk6914': [call({ $ai_stop_reason: 'stop' })],
  'mapping/unknown-operation': Array.from({ length: 4 }, () =>
    call({ $ai_input_tokens: 12, $ai_output_tokens: 4 }),
  ),

  'posthog/A1-text-output-tokens.semconv-gpt5': [without('$ai_text_output_tokens')],
  'posthog/A1-text-output-tokens.vercel-v6-grok': [without('$ai_text_output_tokens')],
  'posthog/A2-gemini-image-and-reasoning': [call({ $ai_text_output_tokens: 100 })],
  'posthog/A3-gemini-name-not-anchored': [call({ $ai_output_tokens: 20 })],
  'posthog/A4-service-tier': [call({ $ai_service_tier: 'flex' })],
  'posthog/A4b-requested-tier-only': [without('$ai_service_tier')],
  'posthog/A5-web-search-count.anthropic': [call({ $ai_web_search_count: 2 })],
  'posthog/A6-provider-names': ['azure', 'gemini', 'vertex-ai', 'moonshotai'].map((provider) =>
    call({ $ai_provider: provider }),
  ),
  'posthog/A7-remote-parent.process-a': [
    { event: '$ai_trace', $ai_span_name: 'planner' },
    { event: '$ai_span', $ai_parent_id: '00000000000000a1' },
  ],
  'posthog/A7-remote-parent.process-b': [
    { event: '$ai_span', $ai_parent_id: '00000000000000a2' },
    call({ $ai_parent_id: '00000000000000b1' }),
  ],
  'posthog/A8-one-cache-ttl': [
    call({
      $ai_cache_creation_input_tokens: 250,
      $ai_cache_creation_5m_input_tokens: 0,
      $ai_cache_creation_1h_input_tokens: 250,
      $ai_cache_reporting_exclusive: false,
    }),
  ],
  'posthog/A9-user-on-generation-only': [{ event: '$ai_trace', person: 'u-77' }, call({ person: 'u-77' })],
  'posthog/B1-trace-name.http-root': [
    { event: '$ai_span' },
    call(),
    { event: '$ai_trace', $ai_span_name: 'Support ticket' },
  ],
  'posthog/B2-user-on-root-only': [
    { event: '$ai_trace', person: 'u-2' },
    call({ person: 'u-2', $ai_session_id: 's-2' }),
  ],
  'posthog/B3-array-content-hides-tool-calls': [OK_AND_GET],
  'posthog/B4-traceloop-redacted-thinking': [OK_AND_GET],
  'posthog/B5-http-status-in-error-text': [429, 503, 429, 429].map((status) =>
    call({ $ai_http_status: status }),
  ),
  'posthog/B6-http-status-attributes': [429, 429, 429].map((status) => call({ $ai_http_status: status })),
  'posthog/B7-anthropic-session': [call({ $ai_session_id: 'sesn_1' })],
  'posthog/B8-own-posthog-attributes': [
    call({
      $ai_span_name: 'nice name',
      $ai_web_search_count: 2,
      $ai_service_tier: 'flex',
      $ai_http_status: 200,
    }),
  ],
  'posthog/B9-vercel-metadata-span-name': [{ $ai_span_name: 'custom-span' }],

  'recordings/A1-voltagent': [
    { $ai_span_type: 'tool', $ai_input_state: { id: 7 }, $ai_output_state: { ok: true } },
    call({
      $ai_model: 'gpt-4o-mini',
      $ai_input_tokens: 30,
      $ai_cache_read_input_tokens: 10,
      $ai_output_tokens: 5,
      $ai_input: asked('Ping?'),
      $ai_stop_reason: 'stop',
      $ai_session_id: 'c-1',
    }),
    { event: '$ai_trace', $ai_input_state: 'Ping?', $ai_output_state: 'Pong.' },
  ],
  'recordings/A2-codex-exec': [
    call({ $ai_model: 'gpt-5', $ai_input_tokens: 8000, $ai_output_tokens: 200, ...CODEX }),
    { $ai_span_name: 'exec_command', $ai_span_type: 'tool', ...CODEX },
    { event: '$ai_trace', ...CODEX },
  ],
  'recordings/A3-gemini-cli': [
    call({
      $ai_input_tokens: 30,
      $ai_output_tokens: 5,
      $ai_output_choices: [
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'I think.' }] },
        { role: 'assistant', content: 'Pong.' },
      ],
    }),
    { $ai_span_name: 'read_file', $ai_span_type: 'tool' },
  ],
  'recordings/A4-ax': [
    call({
      $ai_input_tokens: 30,
      $ai_output_tokens: 5,
      $ai_stop_reason: 'stop',
      $ai_stream: true,
      $ai_model_parameters: { temperature: 0.2 },
    }),
  ],
  'recordings/A7-langtrace-embed': [{ event: '$ai_embedding', $ai_input: ['red'] }],
  'recordings/A7-langtrace-tools': [
    call({
      $ai_output_choices: [
        expect.objectContaining({
          tool_calls: [expect.objectContaining({ function: { name: 'lookup', arguments: '{"id":7}' } })],
        }),
      ],
    }),
    without('$ai_input'),
  ],
  'recordings/A8-axiom-tool': [{ $ai_input_state: { id: 7 }, $ai_output_state: { ok: true } }],
  'recordings/A9-claude-code-tool-output': [{ $ai_output_state: { ok: true } }],
  'recordings/A11-qwen-http-status': [call({ $ai_http_status: 400, $ai_error: 'API call failed' })],
  'recordings/B1-identity-on-parent': [
    call({ person: 'u-1', $ai_session_id: 's-1' }),
    { person: 'u-1', $ai_session_id: 's-1' },
  ],
  'recordings/B2-user-unknown': [call({ person: expect.stringMatching(/^anon_/) })],
  'recordings/B4-braintrust-ids': [
    call({ person: 'u-1', $ai_session_id: 's-1' }),
    { person: 'u-1', $ai_session_id: 's-1', $ai_span_type: 'span' },
  ],
  'recordings/B5-bedrock-agent': [
    {
      $ai_span_type: 'tool',
      $ai_input_state: [{ name: 'id', type: 'number', value: '7' }],
      $ai_output_state: { ok: true },
    },
    { $ai_span_type: 'retriever', $ai_input_state: 'Ping?', $ai_output_state: 'Pong.' },
  ],
};

describe('a case that came out wrong once', () => {
  it.each(Object.entries(CASES))('%s', (name, spans) => {
    const wanted = WANTED[name] ?? [];
    const events = eventsOf(spans);
    expect(events).toHaveLength(wanted.length);
    expect(events).toMatchObject(wanted);
  });

  it('has a wanted outcome each', () => {
    expect(Object.keys(WANTED).sort()).toEqual(Object.keys(CASES).sort());
  });

  it.each(['mapping/priv-truncated-tools', 'mapping/priv-truncated-tools-vercel'])(
    '%s keeps no more than names in privacy mode',
    (name) => {
      const [event] = eventsWith({ privacyMode: true }, CASES[name] ?? []);
      expect(event?.$ai_tools).toEqual([{ type: 'function', function: { name: 'lookup' } }]);
      expect(JSON.stringify(event)).not.toMatch(/payroll|4711/);
    },
  );

  it('tells a tool call once, with its conversation view in mind', () => {
    const [event] = eventsOf(CASES['posthog/B3-array-content-hides-tool-calls'] ?? []);
    expect(JSON.stringify(event?.$ai_output_choices).match(/"get"/g)).toHaveLength(1);
  });
});
