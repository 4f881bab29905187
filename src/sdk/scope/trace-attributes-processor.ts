import type { Context } from '@opentelemetry/api';
import type { ReadableSpanLike, SpanProcessorLike, StartedSpanLike } from '../../translate/span/sdk-types.ts';
import { mergeScopes, scopeOf, stampScope, type TraceScope } from '../../translate/span/trace-scope.ts';
import { adoptSpan } from './scope-holder.ts';

/** What a started span can do besides what is read of it. */
interface WritableSpan extends StartedSpanLike {
  readonly attributes?: Readonly<Record<string, unknown>>;
  setAttribute(name: string, value: string | number | boolean): unknown;
}

/** Attributes of a started span that show a call of a model. */
const MODEL_NAMES = ['gen_ai.request.model', 'ai.model.id', 'llm.model_name', 'llm.request.model'] as const;

/**
 * Writes the scope of `withTrace` and `setTrace` on the spans that start in it, as attributes: `user.id`, `session.id`,
 * and `trace.*` as OpenRouter Broadcast has them. For applications whose spans reach PostHog through an OpenTelemetry
 * Collector or `posthog-llm-exporter serve`, where the scope itself cannot go. Register it before the processor that
 * exports. Other exporters see the attributes too.
 *
 * @example
 * ```ts
 * new NodeTracerProvider({
 *   spanProcessors: [new PostHogTraceAttributesProcessor(), new BatchSpanProcessor(new OTLPTraceExporter())],
 * }).register();
 * ```
 */
export class PostHogTraceAttributesProcessor implements SpanProcessorLike {
  /** Never throws. */
  onStart(span: StartedSpanLike, parentContext: Context): void {
    const scope = adoptSpan(span, parentContext);
    if (!scope || !('setAttribute' in span)) return;
    // Spans below inherit it, as with `PostHogLLMSpanProcessor`.
    stampScope(span, mergeScopes(scopeOf(span), scope));
    const writable = span as WritableSpan;
    for (const [name, value] of attributesOf(scope, isModelCall(writable))) {
      writable.setAttribute(name, value);
    }
  }

  onEnd(_span: ReadableSpanLike): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

function isModelCall({ attributes = {} }: WritableSpan): boolean {
  return MODEL_NAMES.some((name) => attributes[name] !== undefined);
}

/** Names that every reader of this package knows, see `translate/dialects/trace-attributes.ts`. */
function attributesOf(scope: TraceScope, isCall: boolean): [string, string | number | boolean][] {
  const named: readonly (readonly [string, unknown])[] = [
    ['user.id', scope.user],
    ['session.id', scope.sessionId],
    ['trace.trace_id', scope.traceId],
    ['trace.trace_name', scope.traceName],
    // The names of tools and agents are their own.
    ['trace.generation_name', isCall ? scope.generationName : undefined],
    ['trace.$groups', scope.groups],
    ['trace.$ai_prompt_name', scope.promptName],
    ['trace.$ai_prompt_version', scope.promptVersion],
    ['trace.privacy_mode', scope.privacyMode === true ? true : undefined],
    ...Object.entries(scope.metadata ?? {}).map(([key, value]) => [`trace.metadata.${key}`, value] as const),
  ];
  return named.flatMap(([name, value]) => {
    const plain = plainValue(value);
    return plain === undefined ? [] : [[name, plain] as [string, string | number | boolean]];
  });
}

/** Attributes hold no objects; they are read back from JSON. */
function plainValue(value: unknown): string | number | boolean | undefined {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'object':
      try {
        return value === null ? undefined : JSON.stringify(value);
      } catch {
        return undefined;
      }
    default:
      return undefined;
  }
}
