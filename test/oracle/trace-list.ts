import type { PostHogEvent } from '../../src/translate/posthog-event.ts';

/** One line of PostHog's list of traces, made of the events of one trace id. */
export interface TraceRow {
  readonly traceId: string;
  readonly name: string | undefined;
  readonly person: string;
  readonly isAnonymous: boolean;
  readonly sessions: readonly string[];
  readonly latencySeconds: number;
  readonly rootEvents: number;
}

/** The list, restated from PostHog's queries; a model's name or the event's stands in for a missing span name. */
export function listTraces(events: readonly PostHogEvent[]): TraceRow[] {
  const byTrace = new Map<string, PostHogEvent[]>();
  for (const event of events) {
    const traceId = String(event.properties['$ai_trace_id']);
    byTrace.set(traceId, [...(byTrace.get(traceId) ?? []), event]);
  }
  return [...byTrace].map(([traceId, ofTrace]) => rowOf(traceId, ofTrace));
}

function rowOf(traceId: string, events: readonly PostHogEvent[]): TraceRow {
  const sorted = events.toSorted((a, b) => timeOf(a) - timeOf(b));
  const roots = sorted.filter(({ event }) => event === '$ai_trace');
  const first = roots[0] ?? sorted[0];
  const name = first?.properties['$ai_span_name'] ?? first?.properties['$ai_model'];
  return {
    traceId,
    name: typeof name === 'string' ? name : undefined,
    person: first?.distinct_id ?? '',
    isAnonymous: first?.properties['$process_person_profile'] === false,
    sessions: [
      ...new Set(sorted.flatMap(({ properties }) => (properties['$ai_session_id'] as string) ?? [])),
    ],
    latencySeconds: latencyOf(traceId, sorted),
    rootEvents: roots.length,
  };
}

/** The sum over what has no parent, or the trace for a parent; over all generations when nothing else has a latency. */
function latencyOf(traceId: string, events: readonly PostHogEvent[]): number {
  const latency = ({ properties }: PostHogEvent) => {
    const seconds = properties['$ai_latency'];
    return typeof seconds === 'number' ? seconds : 0;
  };
  const onTop = events.filter(({ properties }) => {
    const parent = properties['$ai_parent_id'];
    return parent === undefined || parent === traceId;
  });
  const sum = (some: readonly PostHogEvent[]) => some.reduce((total, event) => total + latency(event), 0);
  return sum(onTop) || sum(events.filter(({ event }) => event === '$ai_generation'));
}

function timeOf({ timestamp }: PostHogEvent): number {
  return timestamp === undefined ? Number.POSITIVE_INFINITY : Date.parse(timestamp);
}
