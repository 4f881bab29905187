import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type Context, type Span, SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostHogLLMSpanProcessor } from '../../../src/sdk/processor/span-processor.ts';
import { setTrace, withTrace } from '../../../src/sdk/scope/with-trace.ts';
import type { PostHogEvent } from '../../../src/translate/posthog-event.ts';
import { registerContextManager } from '../../support/als-context-manager.ts';
import { type LoopbackPostHog, startLoopbackPostHog } from '../../support/loopback-posthog.ts';
import { chatAttributes } from '../../support/real-spans.ts';

registerContextManager();

interface OtlpSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
}

let posthog: LoopbackPostHog;
let collector: Server;
const collected: OtlpSpan[] = [];
beforeAll(async () => {
  posthog = await startLoopbackPostHog();
  collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const isGzip = request.headers['content-encoding'] === 'gzip';
    const { resourceSpans } = JSON.parse((isGzip ? gunzipSync(body) : body).toString('utf8')) as {
      resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
    };
    collected.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
});
afterAll(async () => {
  collector?.closeAllConnections();
  await Promise.all([posthog?.close(), new Promise((resolve) => collector?.close(resolve))]);
});

/** Like Sentry's: writes to spans when they start, keeps them, and makes one transaction of a finished tree. */
class TransactionProcessor implements SpanProcessor {
  readonly transactions: { readonly root: string; readonly spans: readonly ReadableSpan[] }[] = [];
  readonly #open = new Map<string, ReadableSpan[]>();

  onStart(span: Span, parent: Context): void {
    span.setAttribute('sentry.is_root', trace.getSpan(parent) === undefined);
  }

  onEnd(span: ReadableSpan): void {
    const { traceId } = span.spanContext();
    const tree = this.#open.get(traceId) ?? [];
    this.#open.set(traceId, [...tree, span]);
    if (span.parentSpanContext) return;
    this.transactions.push({ root: span.name, spans: this.#open.get(traceId) ?? [] });
    this.#open.delete(traceId);
  }

  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}

const REQUESTS = 1_000;

/** On a busy machine, all of it takes many times as long as alone. */
const AMPLE_MS = 250_000;

describe('one application with a Sentry-like processor, an OTLP exporter and ours', () => {
  it.each([['ours first'], ['ours last']])(`serves ${REQUESTS} requests at once, %s`, async (order) => {
    collected.length = 0;
    const seen = posthog.events.length;
    const sentry = new TransactionProcessor();
    const ours = new PostHogLLMSpanProcessor({
      apiKey: 'phc_test_key',
      endpoint: posthog.url,
      ...{
        timeoutMs: AMPLE_MS,
        deadlineMs: AMPLE_MS,
        shutdownTimeoutMs: AMPLE_MS,
        exportTimeoutMs: AMPLE_MS,
      },
    });
    const otlp = new OTLPTraceExporter({
      url: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`,
      timeoutMillis: AMPLE_MS,
    });
    const theirs = [
      sentry,
      new BatchSpanProcessor(otlp, { maxQueueSize: REQUESTS * 3, exportTimeoutMillis: AMPLE_MS }),
    ];
    const provider = new BasicTracerProvider({
      spanProcessors: order === 'ours first' ? [ours, ...theirs] : [...theirs, ours],
    });
    const tracer = provider.getTracer('app');

    const callModel = (number: number) =>
      tracer.startSpan(`chat ${number}`, { kind: SpanKind.CLIENT, attributes: chatAttributes() }).end();
    const service = async (number: number) => {
      await new Promise((resolve) => setTimeout(resolve, number % 7));
      await tracer.startActiveSpan(`service ${number}`, async (span) => {
        await new Promise((resolve) => setTimeout(resolve, number % 5));
        callModel(number);
        span.end();
      });
    };
    const request = (number: number) =>
      tracer.startActiveSpan(`GET /${number}`, { kind: SpanKind.SERVER }, (span) =>
        withTrace(
          { user: `user_${number}`, traceName: `Trace ${number}`, metadata: { number } },
          async () => {
            await Promise.resolve();
            setTrace({ sessionId: `session_${number}` });
            await service(number);
            span.end();
          },
        ),
      );
    await Promise.all(Array.from({ length: REQUESTS }, (_, number) => request(number)));
    await provider.shutdown();

    // PostHog: the calls, each with what was said three layers above, and nothing else.
    const sent = posthog.events.slice(seen) as unknown as PostHogEvent[];
    expect(sent.filter(({ event }) => event === '$ai_trace')).toHaveLength(REQUESTS);
    const events = sent.filter(({ event }) => event !== '$ai_trace');
    expect(events).toHaveLength(REQUESTS);
    const mixedUp = events.filter(({ distinct_id, properties: p }) => {
      const number = Number(distinct_id.slice('user_'.length));
      return !(
        p['$ai_session_id'] === `session_${number}` &&
        p['trace_name'] === `Trace ${number}` &&
        p['$ai_span_name'] === `chat ${number}` &&
        p['metadata_number'] === number
      );
    });
    expect(mixedUp).toEqual([]);

    // The Collector: all three spans of every request, with the attributes of the instrumentation and of Sentry only.
    expect(collected).toHaveLength(REQUESTS * 3);
    const names = new Set(collected.flatMap(({ attributes }) => attributes.map(({ key }) => key)));
    expect([...names].sort()).toEqual([...Object.keys(chatAttributes()), 'sentry.is_root'].sort());
    const ids = new Set(collected.map(({ spanId }) => spanId));
    expect(collected.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))).toEqual([]);

    // Sentry: one whole tree for every request.
    expect(sentry.transactions).toHaveLength(REQUESTS);
    expect(sentry.transactions.filter(({ spans }) => spans.length !== 3)).toEqual([]);
    const { seen: counted, delivered, filtered, dropped } = ours.exporter.stats();
    expect({ counted, delivered, filtered, dropped }).toEqual({
      // Three spans each, and the event that names the trace.
      counted: REQUESTS * 4,
      delivered: REQUESTS * 2,
      filtered: REQUESTS * 2,
      dropped: 0,
    });
  });
});
