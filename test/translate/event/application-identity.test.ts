import { describe, expect, it } from 'vitest';
import type { PostHogEvent } from '../../../src/translate/posthog-event.ts';
import { translateAll } from '../../corpus/pipeline.ts';
import { type SpanParts, span } from '../../support/spans.ts';

type Attributes = Readonly<Record<string, unknown>>;

const CHAT: Attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5-mini' };

function eventOf(attributes: Attributes, parts: SpanParts = {}): PostHogEvent {
  const [sent] = translateAll([[span({ ...parts, attributes: { ...CHAT, ...attributes } })]]);
  if (!sent) throw new Error('there must be an event');
  return sent.event;
}

/** Free metadata in every form that a convention has for it. */
type Carrier = readonly [carrier: string, set: (metadata: Attributes) => Attributes, scope?: string];

const CARRIERS: readonly Carrier[] = [
  [
    'JSON of OpenInference',
    (metadata) => ({ 'openinference.span.kind': 'LLM', metadata: JSON.stringify(metadata) }),
  ],
  ['JSON of Pydantic AI', (metadata) => ({ metadata: JSON.stringify(metadata) }), 'pydantic-ai'],
  ['JSON of Langfuse', (metadata) => ({ 'langfuse.observation.metadata': JSON.stringify(metadata) })],
  ['JSON of Braintrust', (metadata) => ({ 'braintrust.metadata': JSON.stringify(metadata) })],
  ['JSON of LangWatch', (metadata) => ({ 'langwatch.metadata': JSON.stringify(metadata) }), 'langwatch'],
  ...['langfuse.observation.metadata.', 'ai.telemetry.metadata.', 'traceloop.association.properties.'].map(
    (prefix): Carrier => [
      `names below ${prefix}`,
      (metadata: Attributes) =>
        Object.fromEntries(Object.entries(metadata).map(([key, value]) => [prefix + key, value])),
    ],
  ),
];

const ROWS = CARRIERS.map(([carrier, set, scope = 'test']) => ({ carrier, set, scope }));

describe.each(ROWS)('metadata as $carrier', ({ set, scope }) => {
  const read = (metadata: Attributes) => eventOf(set(metadata), { scope });

  it('names the person and the session', () => {
    const { distinct_id, properties } = read({ user_id: 'u-5', session_id: 's-5', plan: 'pro' });
    expect([distinct_id, properties['$ai_session_id'], properties['metadata_plan']]).toEqual([
      'u-5',
      's-5',
      'pro',
    ]);
    expect(properties).not.toHaveProperty('metadata_user_id');
  });

  it('keeps what became neither', () => {
    const { distinct_id, properties } = read({ user_id: 'unknown', session_id: 's-5', thread_id: 't-5' });
    expect(distinct_id).toMatch(/^anon_/);
    expect(properties).toMatchObject({ metadata_user_id: 'unknown', metadata_thread_id: 't-5' });
  });

  it('believes PostHog’s words first', () => {
    const { distinct_id, properties } = read({
      posthog_distinct_id: 'u-6',
      $ai_session_id: 's-6',
      user_id: 'u-5',
      $ai_span_name: 'Answer',
    });
    expect(distinct_id).toBe('u-6');
    expect(properties).toMatchObject({
      $ai_session_id: 's-6',
      $ai_span_name: 'Answer',
      metadata_user_id: 'u-5',
    });
  });

  it('knows Langfuse’s and LiteLLM’s names', () => {
    const { distinct_id, properties } = read({
      langfuse_user_id: 'u-7',
      langfuse_session_id: 's-7',
      trace_name: 'Order',
    });
    expect(distinct_id).toBe('u-7');
    expect(properties).toMatchObject({ $ai_session_id: 's-7', trace_name: 'Order' });
  });
});

it('finds the session in what LiteLLM’s proxy was sent', () => {
  const sent = JSON.stringify({ session_id: 's-8', trace_user_id: 'u-8' });
  const { distinct_id, properties } = eventOf({ 'metadata.requester_metadata': sent }, { scope: 'litellm' });
  expect([distinct_id, properties['$ai_session_id']]).toEqual(['u-8', 's-8']);
});

describe('properties that the application sets', () => {
  it('win over what is read', () => {
    const own = {
      $ai_span_name: 'Mine',
      $ai_input: '[{"role":"user","content":"set by hand"}]',
      $ai_http_status: 201,
      $ai_web_search_count: 4,
      $ai_trace_id: 'order/7',
      $ai_project_name: 'shop',
      $ai_gateway_key: 'no',
    };
    expect(eventOf({ ...own, 'http.response.status_code': 200 }).properties).toMatchObject({
      $ai_span_name: 'Mine',
      $ai_input: [{ role: 'user', content: 'set by hand' }],
      $ai_http_status: 201,
      $ai_web_search_count: 4,
      $ai_trace_id: 'order_7',
      $ai_project_name: 'shop',
    });
    expect(eventOf(own).properties).not.toHaveProperty('$ai_gateway_key');
  });

  it('hold for all spans where the resource has them, and the span’s own win', () => {
    const resource = { $ai_project_name: 'shop', $ai_git_branch: 'main' };
    expect(eventOf({ $ai_git_branch: 'fix' }, { resource }).properties).toMatchObject({
      $ai_project_name: 'shop',
      $ai_git_branch: 'fix',
    });
  });
});

it('takes Anthropic’s session before the conversation', () => {
  const ids = { 'anthropic.session.id': 'sesn_4', 'gen_ai.conversation.id': 'thread_9' };
  expect(eventOf(ids).properties).toMatchObject({ $ai_session_id: 'sesn_4' });
});

it('sends no text of a property that PostHog does not know in privacy mode', () => {
  const view = span({
    attributes: { ...CHAT, $ai_note: 'what the customer wrote', $ai_request_count: 2, $ai_input: 'hello' },
  });
  const [sent] = translateAll([[view]], { privacyMode: true });
  expect(sent?.event.properties).toMatchObject({ $ai_request_count: 2 });
  expect(JSON.stringify(sent?.event)).not.toMatch(/customer|hello/);
});
