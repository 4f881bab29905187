// The same call with each major of the Vercel AI SDK, as it makes its own spans.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import * as ai from 'ai';
import { PostHogLLMSpanProcessor, withTrace } from 'posthog-llm-exporter';
import { listen } from './listen.mjs';

const COMPLETION = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1768478400,
  model: 'gpt-4o-mini-2024-07-18',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Paris.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 14, completion_tokens: 3, total_tokens: 17 },
};

test('generateText', async (t) => {
  const events = [];
  const { url, close } = await listen(({ batch }) => {
    if (!batch) return COMPLETION;
    events.push(...batch);
  });
  t.after(close);
  const processor = new PostHogLLMSpanProcessor({ apiKey: 'phc_matrix', endpoint: url });
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  provider.register();
  if (ai.registerTelemetry) {
    // From 7 on the spans come from a package of their own, and need no flag.
    const { OpenTelemetry } = await import('@ai-sdk/otel');
    ai.registerTelemetry(new OpenTelemetry());
  }

  const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-test' });
  await withTrace({ user: 'user_123', traceName: 'Geography', metadata: { page: 1 } }, () =>
    ai.generateText({
      model: openai.chat('gpt-4o-mini'),
      prompt: 'The capital of France?',
      ...(ai.registerTelemetry ? {} : { experimental_telemetry: { isEnabled: true } }),
    }),
  );
  await provider.forceFlush();

  const calls = events.filter(({ event }) => event === '$ai_generation');
  assert.equal(calls.length, 1);
  const [{ distinct_id, properties: p }] = calls;
  assert.equal(distinct_id, 'user_123');
  assert.equal(p.$ai_framework, 'vercel');
  assert.equal(p.$ai_provider, 'openai');
  assert.match(p.$ai_model, /^gpt-4o-mini/);
  assert.deepEqual([p.$ai_input_tokens, p.$ai_output_tokens], [14, 3]);
  assert.match(JSON.stringify(p.$ai_input), /capital of France/);
  assert.match(JSON.stringify(p.$ai_output_choices), /Paris/);
  assert.equal(p.metadata_page, 1);
  const root = events.find(({ event }) => event === '$ai_trace');
  assert.equal(root.properties.$ai_span_name, 'Geography');
  // Counted once: the outer spans carry no tokens.
  const counted = events.filter(({ properties }) => properties.$ai_input_tokens !== undefined);
  assert.equal(counted.length, 1);
});
