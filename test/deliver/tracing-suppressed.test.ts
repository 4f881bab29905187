import { context } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Agent, type Dispatcher } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUndiciTransport } from '../../src/deliver/undici-transport.ts';
import { registerContextManager } from '../support/als-context-manager.ts';
import { startLoopbackPostHog } from '../support/loopback-posthog.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

beforeAll(registerContextManager);
afterAll(() => context.disable());

/** Stands for an HTTP instrumentation: makes a span for each request that it sees. */
class TracedAgent extends Agent {
  readonly finished = new InMemorySpanExporter();
  readonly tracer = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(this.finished)],
  }).getTracer('http');

  override dispatch(options: Agent.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.tracer.startSpan('POST').end();
    return super.dispatch(options, handler);
  }
}

it('makes no spans of its own requests, even after waiting for headers', async () => {
  const posthog = await startLoopbackPostHog();
  const dispatcher = new TracedAgent();
  const request = { url: `${posthog.url}/batch/`, body: Buffer.from('{}'), headers: {} };
  let spansInHeaders = 0;
  const headers = async () => {
    await new Promise(setImmediate);
    dispatcher.tracer.startSpan('fetch token').end();
    spansInHeaders = dispatcher.finished.getFinishedSpans().length;
    return {};
  };
  const transport = createUndiciTransport({
    timeoutMs: 1000,
    logger: createRecordingLogger(),
    dispatcher,
    headers,
  });
  await transport.send(request);
  expect(posthog.requests).toHaveLength(1);
  expect(spansInHeaders).toBe(0);
  expect(dispatcher.finished.getFinishedSpans()).toEqual([]);

  // The instrumentation works: the same request of anybody else makes a span.
  await dispatcher
    .request({ origin: posthog.url, path: '/batch/', method: 'POST' })
    .then(({ body }) => body.dump());
  expect(dispatcher.finished.getFinishedSpans()).toHaveLength(1);
  await dispatcher.destroy();
  await posthog.close();
});
