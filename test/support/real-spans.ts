import { type Attributes, context, type Span, SpanKind, trace } from '@opentelemetry/api';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanLimits,
} from '@opentelemetry/sdk-trace-base';

/** Spans made by the real SDK. */
export interface SpanMaker {
  /** Starts and ends one span; `fill` may add to it and start children below it. */
  make(name: string, attributes: Attributes, fill?: (span: Span) => void): ReadableSpan;
  readonly spans: () => ReadableSpan[];
}

export function createSpanMaker(scope = 'test-instrumentation', spanLimits: SpanLimits = {}): SpanMaker {
  const memory = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    sampler: new AlwaysOnSampler(),
    spanLimits,
    spanProcessors: [new SimpleSpanProcessor(memory)],
  });
  const tracer = provider.getTracer(scope, '1.0.0');
  return {
    make(name, attributes, fill) {
      const active = trace.setSpan(
        context.active(),
        tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }),
      );
      const span = trace.getSpan(active) as Span;
      fill?.(span);
      span.end();
      return memory.getFinishedSpans().at(-1) as ReadableSpan;
    },
    spans: () => memory.getFinishedSpans(),
  };
}

/** A chat span of the newest GenAI conventions, with content. */
export function chatAttributes(prompt = 'What is the capital of France?', answer = 'Paris.'): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o-mini',
    'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
    'gen_ai.usage.input_tokens': 14,
    'gen_ai.usage.output_tokens': 3,
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: prompt }] }]),
    'gen_ai.output.messages': JSON.stringify([
      { role: 'assistant', parts: [{ type: 'text', content: answer }], finish_reason: 'stop' },
    ]),
  };
}
