import type { LlmCall } from '../call/llm-call.ts';
import type { SpanFacts } from '../call/span-facts.ts';
import type { TraceRecord } from './trace-table.ts';

/** The facts that a call hands down. */
export function factsOf({ trace, framework, model, provider, scope }: LlmCall): SpanFacts | undefined {
  const { user, sessionId, webSessionId, groups, traceName } = trace;
  const isSilent =
    user === undefined && sessionId === undefined && webSessionId === undefined && groups === undefined;
  if (isSilent && traceName === undefined && framework === undefined && model === undefined) return undefined;
  const identity = { user, sessionId, webSessionId, groups, traceName };
  return { ...identity, framework, model, provider, scopeName: scope.name };
}

const NOTHING: SpanFacts = {};

/** Ancestors that are gone through anew for each span. */
const MAX_SHORT_PATH = 8;

/**
 * What the ancestors of a span hand down to it, the nearest first. Where there are many, each one's answer is remembered
 * until its trace grows, so that a chain of spans costs its length once.
 */
export function handedDown(record: TraceRecord, spanId: string): SpanFacts {
  if (!record.hasFacts) return NOTHING;
  const { spans, version } = record;
  const path = [];
  let facts = NOTHING;
  let ancestor = spans.get(spanId)?.parentSpanId;
  while (ancestor !== undefined && path.length <= spans.size) {
    const span = spans.get(ancestor);
    if (span === undefined) break;
    if (span.handedDown?.version === version) {
      facts = span.handedDown.facts;
      break;
    }
    path.push(span);
    ancestor = span.parentSpanId;
  }
  const isLong = path.length > MAX_SHORT_PATH;
  for (const span of path.reverse()) {
    if (span.facts) facts = nearest(span.facts, facts);
    if (isLong) span.handedDown = { version, facts };
  }
  return facts;
}

function merged(own: SpanFacts['metadata'], outer: SpanFacts['metadata']): SpanFacts['metadata'] {
  return own && outer ? { ...outer, ...own } : (own ?? outer);
}

function nearest(own: SpanFacts, outer: SpanFacts): SpanFacts {
  if (outer === NOTHING) return own;
  const named = own.model === undefined ? outer : own;
  return {
    user: own.user ?? outer.user,
    sessionId: own.sessionId ?? outer.sessionId,
    webSessionId: own.webSessionId ?? outer.webSessionId,
    groups: own.groups ?? outer.groups,
    traceName: own.traceName ?? outer.traceName,
    framework: own.framework ?? outer.framework,
    model: named.model,
    provider: named.provider,
    scopeName: named.scopeName,
    metadata: merged(own.metadata, outer.metadata),
    tags: own.tags ?? outer.tags,
  };
}

/**
 * The call with what its ancestors hand down; of the person and the session, then what the spans of the trace agree on,
 * then what the resource names. A span that stands for the whole trace has its name from any of them.
 */
export function inherit(call: LlmCall, record: TraceRecord): LlmCall {
  const { trace } = call;
  const above = handedDown(record, call.spanId);
  const { agreed } = record;
  const user = trace.user ?? above.user ?? agreed.user ?? trace.ofResource?.user;
  const sessionId = trace.sessionId ?? above.sessionId ?? agreed.sessionId ?? trace.ofResource?.sessionId;
  const webSessionId = trace.webSessionId ?? above.webSessionId;
  const groups = trace.groups ?? above.groups;
  const ofTrace = call.isTraceRoot ? (agreed.traceName ?? undefined) : undefined;
  const traceName = trace.traceName ?? above.traceName ?? ofTrace;
  const framework = call.framework ?? above.framework;
  const lacksModel = call.model === undefined && isOfModel(call) && above.scopeName === call.scope.name;
  const model = lacksModel ? above.model : call.model;
  const isSame =
    user === trace.user &&
    sessionId === trace.sessionId &&
    webSessionId === trace.webSessionId &&
    groups === trace.groups &&
    traceName === trace.traceName &&
    above.metadata === undefined &&
    (above.tags === undefined || trace.tags !== undefined);
  if (isSame && framework === call.framework && model === call.model) return call;
  const provider = lacksModel ? (call.provider ?? above.provider) : call.provider;
  const identity = {
    user: user ?? undefined,
    sessionId: sessionId ?? undefined,
    webSessionId,
    groups,
    traceName,
    metadata: merged(trace.metadata, above.metadata),
    tags: trace.tags ?? above.tags,
  };
  return { ...call, framework, model, provider, trace: isSame ? trace : { ...trace, ...identity } };
}

function isOfModel({ kind }: LlmCall): boolean {
  return kind === 'generation' || kind === 'embedding';
}
