import { randomBytes } from 'node:crypto';
import type { TakeResult } from '../../pipeline/take-batch.ts';
import { TEST_CALL } from '../../pipeline/test-call.ts';
import type { SpanView } from '../../translate/span/span-view.ts';
import type { Lane } from '../lanes/lane.ts';

/** What became of a test trace. */
export interface TestTraceResult extends Pick<TakeResult, 'losses'> {
  readonly traceId: string;
  readonly isTaken: boolean;
}

/** Sends one made-up call to a destination, the way that calls of applications go. */
export async function sendTestTrace({ pipeline }: Lane): Promise<TestTraceResult> {
  const endTimeMs = Date.now();
  const span: SpanView = {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    parentSpanId: undefined,
    parentIsRemote: false,
    name: TEST_CALL.name,
    kind: 'client',
    startTimeMs: endTimeMs - TEST_CALL.latencyMs,
    endTimeMs,
    status: { code: 'unset', message: undefined },
    attributes: TEST_CALL.attributes,
    events: [],
    resource: {},
    scope: { name: TEST_CALL.scope, version: undefined },
  };
  const { losses } = await pipeline.take([span]);
  return { traceId: span.traceId, isTaken: losses.length === 0, losses };
}
