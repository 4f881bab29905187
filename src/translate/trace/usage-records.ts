import type { LlmCall } from '../call/llm-call.ts';
import { type Demotion, repeats } from './demotion.ts';
import { type CallFingerprint, isApart } from './same-call.ts';
import type { TraceRecord } from './trace-table.ts';

/**
 * Spans that only have the usage of calls beside them, of the same instrumentation and while they ran (OpenClaw): of one
 * call that has none itself it is the usage, and of calls that have their own it is the sum.
 */
export function demoteUsageRecords(
  prints: ReadonlyMap<LlmCall, CallFingerprint>,
  traceOf: (traceId: string) => TraceRecord,
  demoted: Map<LlmCall, Demotion>,
): void {
  for (const [record, print] of prints) {
    if (!record.isUsageRecord || demoted.has(record)) continue;
    const beside: LlmCall[] = [];
    for (const [call, other] of prints) {
      if (!call.isUsageRecord && !demoted.has(call) && isBeside(other, print)) beside.push(call);
    }
    const [only] = beside;
    if (beside.some(({ usage }) => usage !== undefined) || isCountedBeside(print, traceOf)) {
      demoted.set(record, { because: 'it has the sum of calls beside it, which have their own usage' });
    } else if (only && beside.length === 1) {
      demoted.set(record, repeats(only));
    }
  }
}

function isBeside(call: CallFingerprint, record: CallFingerprint): boolean {
  return (
    call.spanId !== record.spanId &&
    call.traceId === record.traceId &&
    call.scopeName === record.scopeName &&
    !isApart(call, record)
  );
}

/** Whether such a call was counted with an earlier batch. */
function isCountedBeside(record: CallFingerprint, traceOf: (traceId: string) => TraceRecord): boolean {
  for (const { counted } of traceOf(record.traceId).spans.values()) {
    if (counted?.inputTokens !== undefined && isBeside(counted, record)) return true;
  }
  return false;
}
