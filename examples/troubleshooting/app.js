import { SpanKind, trace } from '@opentelemetry/api';
import { explain, renderExplanations } from 'posthog-llm-exporter';
import { exporter, finished } from './telemetry.js';

const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 12 };
const spans = {
  'chat gpt-4o-mini': { ...call, 'gen_ai.request.model': 'gpt-4o-mini' },
  'chat gpt-4o': { ...call, 'gen_ai.request.model': 'gpt-4o' }, // left out by the rule
  'POST /v1/chat/completions': { 'http.request.method': 'POST' }, // not of AI
};
for (const [name, attributes] of Object.entries(spans)) {
  trace.getTracer('shop').startSpan(name, { kind: SpanKind.CLIENT, attributes }).end();
}

// Which spans arrived at the exporter, and what became of them by number.
await exporter.flushOnce();
const { seen, delivered, filtered, dropped } = exporter.stats();
console.log({ seen, delivered, filtered, dropped });

// What became of each, and by which rule. What rules and sampling leave out is not the translation's doing.
console.log(renderExplanations(explain(finished.getFinishedSpans())));
