import { newTracePrivacy, type TracePrivacyTable } from '../privacy/trace-privacy.ts';
import { type CountedCalls, createCountedCalls } from './counted-calls.ts';
import { createGenerations } from './generations.ts';
import { createTraceEvents, type TraceEvents } from './trace-events.ts';
import { createTraceTable, type TraceTable } from './trace-table.ts';

/** Holds between batches what only the whole trace shows; bounded. */
export interface TraceMemory {
  readonly table: TraceTable;
  readonly recent: CountedCalls;
  readonly traceEvents: TraceEvents;
  readonly privacy: TracePrivacyTable;
}

/** Traces with private calls that are remembered, by the half of them at once. */
export const MAX_PRIVATE_TRACES = 5_000;

/** @param maxTraces traces whose spans are remembered; at least as many as may come together */
export function createTraceMemory(maxTraces?: number): TraceMemory {
  return {
    table: createTraceTable(maxTraces),
    recent: createCountedCalls(),
    traceEvents: createTraceEvents(),
    privacy: createGenerations(MAX_PRIVATE_TRACES, newTracePrivacy),
  };
}
