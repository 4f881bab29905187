import { ROOT_CONTEXT, SamplingDecision, SpanKind } from '@opentelemetry/api';
import { TEST_CALL } from '../pipeline/test-call.ts';
import { modulesFrom } from '../register/modules-of-app.ts';
import { makeProvider } from '../register/provider/make-provider.ts';
import type { ReadableSpanLike } from '../translate/span/sdk-types.ts';

/**
 * Records one finished span of a made-up chat call, by a real tracer, with attributes as instrumentations of
 * OpenTelemetry's GenAI conventions write them and trace metadata as an application adds it.
 */
export function recordTestSpan(): ReadableSpanLike {
  const finished: ReadableSpanLike[] = [];
  const processor = {
    onStart: () => {},
    onEnd: (span: ReadableSpanLike) => {
      finished.push(span);
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  // Not the environment's sampler: the one span must be recorded.
  const sampler = { shouldSample: () => ({ decision: SamplingDecision.RECORD_AND_SAMPLED }) };
  const provider = makeProvider([processor], [modulesFrom(import.meta.dirname)], {}, { sampler });
  if (provider === undefined)
    throw new Error('The package is not complete: bundled-provider.cjs is missing.');
  const endTime = Date.now();
  const span = provider
    .getTracer(TEST_CALL.scope)
    .startSpan(
      TEST_CALL.name,
      { kind: SpanKind.CLIENT, startTime: endTime - TEST_CALL.latencyMs, attributes: TEST_CALL.attributes },
      ROOT_CONTEXT,
    );
  span.end(endTime);
  const [recorded] = finished;
  if (recorded === undefined) {
    throw new Error('The tracer recorded no span.');
  }
  return recorded;
}
