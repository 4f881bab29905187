import { readSpans, translateAll } from '../corpus/pipeline.ts';
import type { Recording } from '../corpus/recordings.ts';
import { isModelEvent } from '../corpus/truth/check-recording.ts';
import { joinEvidence, type RawSpan, readRawSpans } from '../corpus/truth/evidence.ts';
import { type Match, matchCalls } from '../corpus/truth/match-calls.ts';
import { readExchange } from '../corpus/truth/read-exchange.ts';
import { checkCall } from './check-call.ts';
import { checkTraces } from './check-traces.ts';
import { reported, sumOf } from './reported-bill.ts';
import { createLedger, type Finding } from './rules.ts';

/** What PostHog bills, lists and shows of a recording, against what really happened. */
export function checkRecording(recording: Recording): readonly Finding[] {
  const { note, findings } = createLedger(recording.name);
  const sent = translateAll([readSpans(recording)], { content: { media: 'keep' } });
  const spans = readRawSpans(recording);
  const truths = recording.exchanges.map(readExchange).filter(({ kind }) => kind !== 'none');
  const models = sent.flatMap(({ call, event }) =>
    call && isModelEvent(event.event) ? [{ call, event }] : [],
  );
  const spanById = new Map(spans.map((span) => [`${span.traceId}:${span.spanId}`, span]));
  const matches = matchCalls(truths, models, ({ call }) => {
    const span = spanById.get(`${call.traceId}:${call.spanId}`);
    if (!span) throw new Error(`An event of no span: ${call.spanId}`);
    return span;
  });
  // One span may stand for a loop of calls: then it holds what all of them cost.
  const whole = truths.length > models.length && truths.length > 1 ? sumOf(truths.map(reported)) : undefined;
  for (const match of matches.pairs) checkCall(withTwins(match, spans), whole, note);
  checkTraces(recording, sent, spans, note);
  return findings;
}

/** The span, with what a second instrumentation recorded of the same answer: what any of them carries is known. */
function withTwins(match: Match, spans: readonly RawSpan[]): Match {
  const { truth, span } = match;
  const { responseId } = truth;
  const duplicates = spans.filter(
    ({ scopeName, evidence }) =>
      scopeName !== span.scopeName && responseId !== undefined && evidence.hasExactly(responseId),
  );
  const evidence = joinEvidence([span, ...duplicates].map((one) => one.evidence));
  return { ...match, span: { ...span, evidence } };
}
