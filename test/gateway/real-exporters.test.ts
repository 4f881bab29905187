import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { loopbackOfTest } from '../support/loopback-of-test.ts';
import type { LoopbackPostHog } from '../support/loopback-posthog.ts';
import { chatAttributes } from '../support/real-spans.ts';
import { destination, gatewayOfTest } from './gateway-of-test.ts';

interface Ports {
  readonly http: number;
  readonly grpc: number;
}

/** OpenTelemetry's own exporters, by protocol. */
const PROTOCOLS: Readonly<Record<string, (ports: Ports, compression: CompressionAlgorithm) => SpanExporter>> =
  {
    'http/json': ({ http }, compression) =>
      new JsonExporter({ url: `http://127.0.0.1:${http}/v1/traces`, compression }),
    'http/protobuf': ({ http }, compression) =>
      new ProtobufExporter({ url: `http://127.0.0.1:${http}/v1/traces`, compression }),
    grpc: ({ grpc }, compression) => new GrpcExporter({ url: `http://127.0.0.1:${grpc}`, compression }),
  };

const WAYS = Object.keys(PROTOCOLS).flatMap((protocol) =>
  [CompressionAlgorithm.NONE, CompressionAlgorithm.GZIP].map((compression) => ({ protocol, compression })),
);

function spansOf(count: number) {
  const memory = new InMemorySpanExporter();
  const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] }).getTracer(
    'app',
  );
  for (let index = 0; index < count; index += 1) {
    tracer.startSpan('chat gpt-4o', { attributes: chatAttributes() }).end();
  }
  return memory.getFinishedSpans();
}

/** @returns whether the exporter says that the spans arrived */
function sendBy(exporter: SpanExporter, spans: ReturnType<typeof spansOf>): Promise<boolean> {
  return new Promise((resolve) => exporter.export(spans, ({ code }) => resolve(code === 0)));
}

const spanIdsOf = ({ events }: LoopbackPostHog): Set<unknown> =>
  new Set(events.map(({ properties }) => (properties as Record<string, unknown>).$ai_span_id));

describe.each(WAYS)(
  'the exporter of $protocol with compression $compression',
  ({ protocol, compression }) => {
    const exporterFor = (ports: Ports) => {
      const make = PROTOCOLS[protocol];
      if (!make) throw new Error(protocol);
      return make(ports, compression);
    };

    it('is answered OK, and what it sent has arrived', async () => {
      const posthog = await loopbackOfTest();
      const { gateway } = await gatewayOfTest([destination({ options: { endpoint: posthog.url } })], {
        listen: { grpc: { host: '127.0.0.1', port: 0 } },
      });
      const { http, grpc } = gateway.addresses;
      const exporter = exporterFor({ http: http.port, grpc: grpc?.port ?? 0 });
      const spans = spansOf(20);
      expect(await sendBy(exporter, spans)).toBe(true);
      await exporter.shutdown();
      expect(spanIdsOf(posthog)).toEqual(new Set(spans.map((span) => span.spanContext().spanId)));
      expect(posthog.events).toHaveLength(20);
    });

    it('sends again what was answered with 503, or says that it gave up', async () => {
      let isDown = true;
      const posthog = await loopbackOfTest({
        respond: () => (isDown ? { do: 'answer', status: 503 } : undefined),
      });
      const { gateway } = await gatewayOfTest(
        [destination({ options: { endpoint: posthog.url, deadlineMs: 1_000, timeoutMs: 500 } })],
        { listen: { grpc: { host: '127.0.0.1', port: 0 } } },
      );
      const { http, grpc } = gateway.addresses;
      const exporter = exporterFor({ http: http.port, grpc: grpc?.port ?? 0 });
      const spans = spansOf(5);
      const sent = sendBy(exporter, spans);
      await expect.poll(() => posthog.requests.length).toBeGreaterThan(0);
      await expect.poll(gateway.lanes.health).toMatchObject([{ state: 'degraded' }]);
      isDown = false;
      const isOk = await sent;
      await exporter.shutdown();
      // Over gRPC this exporter never sends again.
      expect(isOk).toBe(protocol !== 'grpc');
      expect(spanIdsOf(posthog).size).toBe(isOk ? 5 : 0);
    });
  },
);
