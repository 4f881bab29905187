import type { PostHogEvent } from '../../src/translate/posthog-event.ts';
import type { TranslatedEvent } from '../corpus/pipeline.ts';
import type { Recording } from '../corpus/recordings.ts';
import { isModelEvent } from '../corpus/truth/check-recording.ts';
import type { RawSpan } from '../corpus/truth/evidence.ts';
import type { Note } from './rules.ts';
import { rootsOf, type SaidIdentity, saidIdentities } from './said-identity.ts';
import { listTraces, type TraceRow } from './trace-list.ts';

/** The list of traces: one line each with the right name, person, session and latency. */
export function checkTraces(
  recording: Recording,
  sent: readonly TranslatedEvent[],
  spans: readonly RawSpan[],
  note: Note,
): void {
  const said = saidIdentities(recording);
  const events = sent.map(({ event }) => event);
  for (const row of listTraces(events)) {
    const members = sent.filter(({ event }) => event.properties['$ai_trace_id'] === row.traceId);
    const traceIds = new Set(members.flatMap(({ call }) => call?.traceId ?? []));
    const identity = merge([...traceIds].flatMap((id) => said.get(id) ?? []));
    note('trace: one event', row.rootEvents <= 1, () => `${row.rootEvents} events`);
    checkName(row, identity, rootsOf(spans, traceIds), members, note);
    checkPerson(row, identity, note);
    const wrongPeople = members.filter(
      ({ event }) =>
        !isRightPerson(event.distinct_id, event.properties['$process_person_profile'] === false, identity),
    );
    note('event: person', wrongPeople.length === 0, () =>
      wrongPeople.map(({ event }) => `${event.event} of ${event.distinct_id}`).join(', '),
    );
    checkSession(row, identity, note);
    checkLatency(row, members, spans, note);
  }
}

function merge(all: readonly SaidIdentity[]): SaidIdentity {
  return {
    requestUsers: new Set(all.flatMap(({ requestUsers }) => [...requestUsers])),
    users: new Set(all.flatMap(({ users }) => [...users])),
    sessions: new Set(all.flatMap(({ sessions }) => [...sessions])),
    traceNames: new Set(all.flatMap(({ traceNames }) => [...traceNames])),
  };
}

/** A name that a span states, else that of the span on top when it is sent. */
function checkName(
  row: TraceRow,
  { traceNames }: SaidIdentity,
  roots: readonly RawSpan[],
  members: readonly TranslatedEvent[],
  note: Note,
): void {
  if (traceNames.size > 0) {
    note(
      'trace: name',
      traceNames.has(row.name ?? ''),
      () => `${row.name} instead of ${[...traceNames].join(' or ')}`,
    );
    return;
  }
  // Only the event of a whole trace names it; without one, PostHog takes the name of what ended first.
  const rootIds = new Set(roots.map(({ spanId }) => spanId));
  const named = members.filter(
    ({ call, event }) => call && rootIds.has(call.spanId) && !isModelEvent(event.event),
  );
  if (named.length > 0) {
    const right = named.map(({ event }) => nameOf(event));
    note('trace: name', right.includes(row.name), () => `${row.name} instead of ${right.join(' or ')}`);
    return;
  }
  const first = members.find(({ event }) => nameOf(event) === row.name)?.event;
  const isOfTool = members.length > 1 && first?.properties['$ai_span_type'] === 'tool';
  note('trace: name', Boolean(row.name) && !isOfTool, () => `${row.name}, a tool`);
}

function nameOf({ properties }: PostHogEvent): unknown {
  return properties['$ai_span_name'];
}

function isRightPerson(person: string, isAnonymous: boolean, { users, requestUsers }: SaidIdentity): boolean {
  if (users.size === 0 && requestUsers.has(person)) return true;
  return users.size === 0 ? isAnonymous : !isAnonymous && users.has(person);
}

function checkPerson(row: TraceRow, identity: SaidIdentity, note: Note): void {
  const isRight = isRightPerson(row.person, row.isAnonymous, identity);
  note(
    'trace: person',
    isRight,
    () => `${row.person} instead of ${[...identity.users].join(' or ') || 'nobody'}`,
  );
}

function checkSession(row: TraceRow, { sessions }: SaidIdentity, note: Note): void {
  const right = new Set([...sessions].map(urlSafe));
  const isRight =
    right.size === 0
      ? row.sessions.length === 0
      : row.sessions.length > 0 && row.sessions.every((one) => right.has(one));
  note(
    'trace: session',
    isRight,
    () => `${row.sessions.join(', ') || 'none'} instead of ${[...right].join(' or ') || 'none'}`,
  );
}

function urlSafe(id: string): string {
  return id.trim().replace(/[^A-Za-z0-9\-_~.@()!':|]/gu, '_');
}

/** What no other event of the trace contains is counted, each once. */
function checkLatency(
  row: TraceRow,
  members: readonly TranslatedEvent[],
  spans: readonly RawSpan[],
  note: Note,
): void {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const sentIds = new Set(members.flatMap(({ call }) => call?.spanId ?? []));
  const isOnTop = (span: RawSpan) => {
    const seen = new Set<string>();
    let parent = span.parentSpanId;
    while (parent !== undefined && !seen.has(parent)) {
      if (sentIds.has(parent)) return false;
      seen.add(parent);
      parent = byId.get(parent)?.parentSpanId;
    }
    return true;
  };
  // Parents that are not in the recording may still come; whose latency counts is then not known here.
  if (members.some(({ call }) => call && !isClosed(call.spanId, byId))) return;
  const top = members.flatMap(({ call }) => {
    const span = call && byId.get(call.spanId);
    return span && isOnTop(span) ? [span] : [];
  });
  // A record of a moment carries its duration in an attribute.
  if (top.some(({ start, end }) => start === end)) return;
  const right = top.reduce((sum, { start, end }) => sum + Number(end - start) / 1e9, 0);
  note(
    'trace: latency',
    Math.abs(row.latencySeconds - right) < 0.01,
    () => `${row.latencySeconds} instead of ${right}`,
  );
}

function isClosed(spanId: string, byId: ReadonlyMap<string, RawSpan>): boolean {
  let span = byId.get(spanId);
  for (let steps = 0; span?.parentSpanId !== undefined && steps <= byId.size; steps++) {
    span = byId.get(span.parentSpanId);
    if (span === undefined) return false;
  }
  return true;
}
