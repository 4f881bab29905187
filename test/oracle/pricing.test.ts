import { expect, it } from 'vitest';
import { showMessages } from './message-display.ts';
import { bill, pricedTier, priceListOf } from './pricing.ts';
import { listTraces } from './trace-list.ts';

const CLAUDE = { $ai_model: 'claude-sonnet-4', $ai_provider: 'anthropic' };
const GEMINI = { $ai_model: 'google/gemini-2.5-flash', $ai_provider: 'gemini' };

it.each([
  [
    'Claude is exclusive by default',
    { ...CLAUDE, $ai_input_tokens: 10, $ai_cache_read_input_tokens: 100 },
    20,
  ],
  [
    'the flag wins',
    {
      ...CLAUDE,
      $ai_cache_reporting_exclusive: false,
      $ai_input_tokens: 110,
      $ai_cache_read_input_tokens: 100,
    },
    20,
  ],
  [
    'both lifetimes replace the total',
    {
      ...CLAUDE,
      $ai_input_tokens: 10,
      $ai_cache_creation_input_tokens: 100,
      $ai_cache_creation_5m_input_tokens: 0,
      $ai_cache_creation_1h_input_tokens: 100,
    },
    210,
  ],
  [
    'one lifetime alone does not',
    { ...CLAUDE, $ai_input_tokens: 10, $ai_cache_creation_1h_input_tokens: 100 },
    10,
  ],
  ['no count, no price', CLAUDE, undefined],
])('input: %s', (_rule, properties, price) => {
  expect(bill(properties).input).toBe(price);
});

it.each([
  ['reasoning is within', { $ai_model: 'grok-4', $ai_output_tokens: 100, $ai_reasoning_tokens: 80 }, 400],
  [
    'the text replaces the output',
    { $ai_model: 'grok-4', $ai_output_tokens: 100, $ai_text_output_tokens: 2 },
    8,
  ],
  ['Gemini’s reasoning is added', { ...GEMINI, $ai_output_tokens: 100, $ai_reasoning_tokens: 80 }, 720],
  [
    'images are billed apart',
    { ...GEMINI, $ai_output_tokens: 100, $ai_text_output_tokens: 10, $ai_image_output_tokens: 90 },
    2_740,
  ],
])('output: %s', (_rule, properties, price) => {
  expect(bill(properties).output).toBe(price);
});

it('knows the words of the price list', () => {
  expect(['azure', 'azure.ai.openai', 'x_ai', 'gcp.vertex_ai', undefined].map(priceListOf)).toEqual([
    'azure',
    'default',
    'xai',
    'default',
    'default',
  ]);
  expect(['default', 'flex', undefined].map(pricedTier)).toEqual(['standard', 'flex', 'standard']);
});

it('shows no calls that stand beside typed content', () => {
  const call = { id: 'c', type: 'function', function: { name: 'get', arguments: '{}' } };
  const beside = { role: 'assistant', content: [{ type: 'text', text: 'hm' }], tool_calls: [call] };
  expect(showMessages([beside]).calls).toEqual([]);
  expect(showMessages([{ ...beside, content: 'hm' }]).calls).toEqual([{ name: 'get', args: {} }]);
  expect(showMessages([{ role: 'assistant', parts: [] }]).raw).toBe(1);
});

it('names a trace after its event, else after what ended first', () => {
  const event = (name: string, at: number, kind: '$ai_span' | '$ai_trace') => ({
    event: kind,
    uuid: name,
    distinct_id: name,
    timestamp: new Date(at).toISOString(),
    properties: {
      $ai_trace_id: 't',
      $ai_span_name: name,
      $ai_latency: 1,
      ...(kind === '$ai_span' ? { $ai_parent_id: 't' } : {}),
    },
  });
  const spans = [event('late', 2, '$ai_span'), event('early', 1, '$ai_span')];
  expect(listTraces(spans)[0]).toMatchObject({ name: 'early', person: 'early', latencySeconds: 2 });
  expect(listTraces([...spans, event('root', 3, '$ai_trace')])[0]).toMatchObject({
    name: 'root',
    person: 'root',
  });
});
