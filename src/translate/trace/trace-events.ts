import type { LlmCall } from '../call/llm-call.ts';
import { type TraceRecord, topmost } from './trace-table.ts';

/** Traces remembered, by the half of them at once. */
const MAX_TRACES = 10_000;

/** Which traces have an event that stands for the whole trace, and which span it is of; bounded. */
export interface TraceEvents {
  /**
   * Takes the place of a trace's event.
   * @param claimant the span that stands for the trace, or a word for an event that is of no span
   * @returns whether the claimant has it, now or since before
   */
  claim(traceId: string, claimant: string): boolean;
  has(traceId: string): boolean;
}

export function createTraceEvents(): TraceEvents {
  let younger = new Map<string, string>();
  let older = new Map<string, string>();
  const ownerOf = (traceId: string) => younger.get(traceId) ?? older.get(traceId);
  return {
    claim(traceId, claimant) {
      const owner = ownerOf(traceId);
      if (owner !== undefined) return owner === claimant;
      if (younger.size >= MAX_TRACES / 2) {
        older = younger;
        younger = new Map();
      }
      younger.set(traceId, claimant);
      return true;
    },
    has: (traceId) => ownerOf(traceId) !== undefined,
  };
}

/** The trace as the application names it, else as OpenTelemetry does. */
export function traceKeyOf({ trace, traceId }: LlmCall): string {
  return trace.traceId ?? traceId;
}

/**
 * Whether the root of a call's trace will not stand for it: it is not sent, or is a model call itself.
 * @returns `unknown` while the root has not been seen
 */
export function lacksRootEvent(record: TraceRecord, spanId: string): boolean | 'unknown' {
  const top = record.spans.get(topmost(record, spanId));
  if (top === undefined || !top.isSeen) return 'unknown';
  // The event of a trace that another process began is for that process to send.
  if (top.isBelowRemote) return false;
  return !top.isSent || top.isModelCall;
}
