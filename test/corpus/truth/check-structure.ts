import type { Translated } from '../pipeline.ts';
import { checkWrapper } from './check-wrappers.ts';
import type { RawSpan } from './evidence.ts';
import { json, parse } from './json.ts';
import { type Note, short } from './report.ts';
import type { TruthCall } from './truth-call.ts';

/** Attribute namespaces that only AI instrumentation writes. */
const AI_ATTRIBUTE =
  /^(?:gen_ai|ai|llm|openinference|traceloop|langfuse|langsmith|genkit|mastra|gcp\.vertex\.agent|anthropic|embedding|retrieval|input\.value|output\.value)\b/;

/** Packages that write spans about AI only. */
const AI_SCOPE = /traceloop|openinference|langfuse|langsmith|mastra|genkit|gcp\.vertex\.agent/;

/** Whether the call of a span has an event in another trace, and its own trace has none. */
function isToldElsewhere(
  { traceId, evidence }: RawSpan,
  sent: readonly Translated[],
  truths: readonly TruthCall[],
): boolean {
  const isAlone = !sent.some(({ call }) => call.traceId === traceId);
  const isTold = ({ responseId, output, usage }: TruthCall) =>
    (responseId !== undefined && evidence.hasExactly(responseId)) ||
    output.flat().some((item) => item.type === 'text' && evidence.hasText(item.text)) ||
    [usage.input, usage.output].every(
      (count) => count !== undefined && evidence.hasNumber(count, /token|usage/i),
    );
  return isAlone && truths.some(isTold);
}

/** What holds for every event and every span, whatever the exchange was. */
export function checkStructure(
  spans: readonly RawSpan[],
  sent: readonly Translated[],
  truths: readonly TruthCall[],
  note: Note,
): void {
  const byId = new Map(sent.map((one) => [one.call.spanId, one]));
  for (const span of spans) {
    const isSent = byId.has(span.spanId);
    const isAi = AI_SCOPE.test(span.scopeName) || span.attributeNames.some((name) => AI_ATTRIBUTE.test(name));
    // A second record of a call, alone in a trace of its own, is not sent.
    const isRedundant = isAi && !isSent && isToldElsewhere(span, sent, truths);
    note('span is filed right', isSent === isAi || isRedundant, () =>
      isSent ? `${span.name} has nothing to do with AI` : `${span.name} was filtered`,
    );
  }
  const spansById = new Map(spans.map((span) => [span.spanId, span]));
  for (const one of sent) {
    const span = spansById.get(one.call.spanId);
    if (!span) throw new Error(`An event of no span: ${one.call.spanId}`);
    checkEvent(one, note);
    checkPlace(one, span, spansById, byId, note);
    checkIdentity(one, span, note);
    if (!isModelCall(one)) checkWrapper(one, span, truths, note);
  }
}

function isModelCall({ event }: Translated): boolean {
  return event.event === '$ai_generation' || event.event === '$ai_embedding';
}

/** The parent is the nearest ancestor that is sent, else the trace. */
function checkPlace(
  { event }: Translated,
  span: RawSpan,
  spans: ReadonlyMap<string, RawSpan>,
  sent: ReadonlyMap<string, Translated>,
  note: Note,
): void {
  const { properties, timestamp } = event;
  let ancestor = span.parentSpanId;
  while (ancestor !== undefined && !sent.has(ancestor)) ancestor = spans.get(ancestor)?.parentSpanId;
  const right = event.event === '$ai_trace' ? undefined : (ancestor ?? properties['$ai_trace_id']);
  const parent = properties['$ai_parent_id'];
  note('parent', parent === right, () => `${String(parent)} instead of ${String(right)} for ${span.name}`);
  note(
    'parent',
    properties['$ai_trace_id'] === span.traceId,
    () => `trace ${String(properties['$ai_trace_id'])}`,
  );

  const end = new Date(Number(span.end / 1_000_000n)).toISOString();
  note('timing', timestamp === end, () => `${timestamp} instead of ${end}`);
  const seconds = Number(span.end - span.start) / 1e9;
  const latency = properties['$ai_latency'];
  const isClose = typeof latency === 'number' && Math.abs(latency - seconds) < 1e-5;
  note('timing', isClose, () => `${String(latency)} s instead of ${seconds} s`);
}

function checkEvent({ event }: Translated, note: Note): void {
  const { properties } = event;
  for (const name of ['$ai_input', '$ai_output_choices']) {
    const messages = json(properties[name]).items.filter(({ value }) => typeof value === 'object');
    const isRight = messages.every((message) => message.at('content').value !== undefined);
    note('content keys', isRight, () => `${name}: ${short(properties[name])}`);
  }
  note('no vectors', !hasVector(properties), () => short(properties));
}

/** More numbers in a row than any setting or score has. */
const MIN_VECTOR_LENGTH = 8;

function hasVector(value: unknown): boolean {
  if (typeof value === 'string') return /^\s*[[{]/.test(value) && hasVector(parse(value));
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) && value.length >= MIN_VECTOR_LENGTH)
    if (value.every((item) => typeof item === 'number')) return true;
  return Object.values(value).some(hasVector);
}

/** Names of attributes, not of members of a request that is written down as content. */
const IDENTITY = {
  user: /^(?!.*(?:prompt|input|output|request\.body)).*user/i,
  session: /^(?!.*(?:prompt|input|output|request\.body)).*(?:session|conversation|thread|chat_?id)/i,
} as const;

/** The identities that the recorded applications set. */
function checkIdentity({ event }: Translated, { evidence }: RawSpan, note: Note): void {
  const { distinct_id, properties } = event;
  if (evidence.valuesBelow(IDENTITY.user).includes('user-123')) {
    note('identity', distinct_id === 'user-123' && properties['$ai_user'] === 'user-123', () => distinct_id);
  }
  const sessions: readonly unknown[] = evidence
    .valuesBelow(IDENTITY.session)
    .filter((value) => value === 'session-abc' || value === 'conv-42');
  if (sessions.length > 0) {
    const session = properties['$ai_session_id'];
    note(
      'identity',
      typeof session === 'string' && sessions.includes(session),
      () => `session ${String(session)}`,
    );
  }
}
