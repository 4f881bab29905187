import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { PostHogLLMSpanProcessor } from '../../../src/sdk/processor/span-processor.ts';
import { loopbackOfTest } from '../../support/loopback-of-test.ts';
import { chatAttributes } from '../../support/real-spans.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';

const STATED = { 'user.id': 'user-123', 'session.id': 'session-abc' };

it.each([
  ['is still open', false],
  ['ended before, and is not sent', true],
])('a call is the person’s whom a span above it names, though that %s', async (_when, endsFirst) => {
  const posthog = await loopbackOfTest();
  const options = { apiKey: 'phc_test_key', endpoint: posthog.url, logger: createRecordingLogger() };
  const processor = new PostHogLLMSpanProcessor(options);
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  const tracer = provider.getTracer('app');
  const request = tracer.startSpan('GET /', { attributes: STATED });
  const work = tracer.startSpan('work', {}, trace.setSpan(ROOT_CONTEXT, request));
  const call = tracer.startSpan('chat', { attributes: chatAttributes() }, trace.setSpan(ROOT_CONTEXT, work));
  if (endsFirst) request.end();
  call.end();
  await provider.forceFlush();
  expect(posthog.events).toMatchObject([
    { distinct_id: 'user-123', properties: { $ai_session_id: 'session-abc' } },
  ]);
  await provider.shutdown();
});
