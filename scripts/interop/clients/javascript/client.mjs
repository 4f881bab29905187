/**
 * OpenTelemetry's own exporters of JavaScript, all protocols at once, each plain and with gzip. Reads its task as JSON from the
 * first argument, waits for a line, exports batch after batch and prints one line of JSON for each: which spans, and whether
 * the exporter said OK.
 */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const { folder, sdk, http, grpc, batches, perBatch, pauseMs, base } = JSON.parse(process.argv[2]);
const require = createRequire(`${folder}/client.js`);
const { BasicTracerProvider, TracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require(base);

const PACKAGES = { json: 'http', proto: 'proto', grpc: 'grpc' };
const clients = Object.keys(PACKAGES).flatMap((protocol) =>
  ['none', 'gzip'].map((compression) => {
    const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${PACKAGES[protocol]}`);
    const url = protocol === 'grpc' ? `http://127.0.0.1:${grpc}` : `http://127.0.0.1:${http}/v1/traces`;
    return {
      name: `javascript ${sdk} ${protocol}`,
      compression,
      exporter: new OTLPTraceExporter({ url, compression }),
    };
  }),
);

/** Real spans of calls, with their content. */
function spansOf() {
  const memory = new InMemorySpanExporter();
  // The third major has other names, and the first takes its processors one by one.
  const processor = new SimpleSpanProcessor(TracerProvider ? { exporter: memory } : memory);
  const provider = new (TracerProvider ?? BasicTracerProvider)({ spanProcessors: [processor] });
  provider.addSpanProcessor?.(processor);
  const tracer = provider.getTracer('interop');
  for (let index = 0; index < perBatch; index += 1) {
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.input.messages': JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: 'x'.repeat(2_000) }] },
      ]),
    };
    tracer.startSpan('chat gpt-4o', { attributes }).end();
  }
  const spans = memory.getFinishedSpans();
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  return [...byId.values()];
}

async function run({ name, compression, exporter }) {
  for (let batch = 0; batch < batches; batch += 1) {
    const spans = spansOf();
    const result = await new Promise((resolve) => exporter.export(spans, resolve));
    const spanIds = spans.map((span) => span.spanContext().spanId);
    const error = result.error?.message?.slice(0, 120);
    console.log(JSON.stringify({ client: name, compression, ok: result.code === 0, error, spanIds }));
    await sleep(pauseMs);
  }
}

console.log(JSON.stringify({ ready: true }));
await new Promise((resolve) => createInterface({ input: process.stdin }).once('line', resolve));
await Promise.all(clients.map(run));
process.exit(0);
