import { NO_ATTRIBUTES, type SpanView } from './span-view.ts';

/** What keeps a span from saying all that its instrumentation knows. */
export type Incompleteness =
  /** The SDK threw attributes or events away, since the span had more than its limit. */
  | { readonly type: 'cut'; readonly attributes: number; readonly events: number }
  /** It has more attributes or events than are read of any span. */
  | { readonly type: 'beyond-limit'; readonly attributes: number; readonly events: number }
  /** The instrumentation writes prompts and answers into log records, and none came with the span. */
  | { readonly type: 'no-log-records' }
  /** It has none at all: a span of another tool's own kind, known by the name of its instrumentation only. */
  | { readonly type: 'no-attributes' };

/** Instrumentations that put content into log records only. Source: their code, `emit` of `gen_ai.*` events. */
const CONTENT_IN_LOGS: readonly string[] = [
  '@opentelemetry/instrumentation-openai',
  'opentelemetry.instrumentation.openai_v2',
  'opentelemetry.instrumentation.vertexai',
  'opentelemetry.instrumentation.google_genai',
];

const CONTENT_ATTRIBUTES: readonly string[] = ['gen_ai.input.messages', 'gen_ai.output.messages'];

/** What is missing of the span of a model call. */
export function incompletenessOf(span: SpanView): readonly Incompleteness[] {
  const { droppedAttributes: attributes = 0, droppedEvents: events = 0 } = span;
  const isCut = attributes > 0 || events > 0;
  const isWithoutRecords = lacksLogRecords(span);
  const isBare = !isCut && span.attributes === NO_ATTRIBUTES;
  if (!isCut && !isWithoutRecords && !isBare && !span.unread) return NOTHING;
  if (isBare) return BARE;
  return [
    ...(isCut ? [{ type: 'cut', attributes, events } as const] : []),
    ...(span.unread ? [{ type: 'beyond-limit', ...span.unread } as const] : []),
    ...(isWithoutRecords ? [{ type: 'no-log-records' } as const] : []),
  ];
}

const NOTHING: readonly Incompleteness[] = Object.freeze([]);
const BARE: readonly Incompleteness[] = Object.freeze([{ type: 'no-attributes' } as const]);

function lacksLogRecords({ scope, attributes, events }: SpanView): boolean {
  return (
    CONTENT_IN_LOGS.includes(scope.name) &&
    !CONTENT_ATTRIBUTES.some((name) => attributes[name] !== undefined) &&
    !events.some(({ name }) => name.startsWith('gen_ai.'))
  );
}

/** In words, with what to do about it. */
export function describeIncompleteness(found: Incompleteness): string {
  switch (found.type) {
    case 'beyond-limit':
      return `they have so many attributes and events that ${partsOf(found)} are not read; record conversations as one attribute of JSON, or less of them`;
    case 'cut': {
      const variables = [
        ...(found.attributes > 0 ? ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT'] : []),
        ...(found.events > 0 ? ['OTEL_SPAN_EVENT_COUNT_LIMIT'] : []),
      ];
      return `the SDK threw away ${partsOf(found)}, perhaps with the answer; raise ${variables.join(' and ')} (or "spanLimits" of the tracer provider)`;
    }
    case 'no-attributes':
      return 'they have no attributes that can be read, so nothing is known of the calls; the tracer provider of another tool makes spans of its own kind (Datadog, for one): register one of the OpenTelemetry SDK, or leave that to posthog-llm-exporter/register';
    case 'no-log-records':
      return 'the instrumentation writes prompts and answers into log records, and none came; switch its content capture on and give processor.logRecordProcessor() to the LoggerProvider';
  }
}

function partsOf({ attributes, events }: { readonly attributes: number; readonly events: number }): string {
  return [
    ...(attributes > 0 ? [`${attributes} attributes`] : []),
    ...(events > 0 ? [`${events} events`] : []),
  ].join(' and ');
}
