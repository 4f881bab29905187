import type { SpanView } from '../../../src/translate/span/span-view.ts';
import { readSpans, type Translated, translate } from '../pipeline.ts';
import type { Recording } from '../recordings.ts';
import { checkContent } from './check-content.ts';
import { checkNumbers } from './check-numbers.ts';
import { checkOutcome } from './check-outcome.ts';
import { checkStructure } from './check-structure.ts';
import { joinEvidence, type RawSpan, readRawSpans } from './evidence.ts';
import { type Match, type Matches, matchCalls } from './match-calls.ts';
import { readExchange } from './read-exchange.ts';
import { createNotes, type Finding, type Note, short } from './report.ts';
import type { TruthCall } from './truth-call.ts';

/** The events of a recording as they are sent, but with media, so that those can be compared. */
export function translateWhole(recording: Recording): Translated[] {
  return translate([readSpans(recording)], { content: { media: 'keep' } });
}

/** The same when each span is exported as soon as it ends, children before their parents. */
export function translateSpanBySpan(recording: Recording): Translated[] {
  const ended = (span: SpanView) => span.endTimeMs ?? 0;
  const batches = readSpans(recording)
    .toSorted((a, b) => ended(a) - ended(b))
    .map((span) => [span]);
  return translate(batches, { content: { media: 'keep' } });
}

/** Compares the events of a recording with what the model server was asked and answered. */
export function checkRecording(recording: Recording, sent: readonly Translated[]): readonly Finding[] {
  const { note, findings } = createNotes(recording.name);
  const spans = readRawSpans(recording);
  const truths = recording.exchanges.map(readExchange);
  const matches = matchModelCalls(truths, sent, spans);
  checkCounts(matches, note);
  for (const pair of matches.pairs) {
    checkOutcome({ ...pair, span: withOtherRecords(pair, spans) }, note);
    checkContent(pair, note);
    checkNumbers(pair, note);
  }
  checkStructure(spans, sent, truths, note);
  return findings;
}

/** The span, together with what a second instrumentation recorded of the same call. */
function withOtherRecords({ truth, span }: Match, spans: readonly RawSpan[]): RawSpan {
  const { responseId } = truth;
  const others = spans.filter(
    ({ scopeName, evidence }) =>
      scopeName !== span.scopeName && responseId !== undefined && evidence.hasExactly(responseId),
  );
  return { ...span, evidence: joinEvidence([span, ...others].map(({ evidence }) => evidence)) };
}

/** Only whether each call is counted, and counted once. */
export function checkCounting(recording: Recording, sent: readonly Translated[]): readonly Finding[] {
  const { note, findings } = createNotes(recording.name);
  const truths = recording.exchanges.map(readExchange);
  checkCounts(matchModelCalls(truths, sent, readRawSpans(recording)), note);
  return findings;
}

function checkCounts({ pairs, lostCalls, extraEvents }: Matches, note: Note): void {
  for (const _pair of pairs) {
    note('every call has one event', true, () => '');
    note('every event has a call', true, () => '');
  }
  for (const call of lostCalls) {
    note('every call has one event', false, () => `${call.requestedModel}: ${short(call.requestText)}`);
  }
  for (const { event } of extraEvents) {
    note(
      'every event has a call',
      false,
      () => `${event.event} ${String(event.properties['$ai_span_name'])}`,
    );
  }
}

function matchModelCalls(
  truths: readonly TruthCall[],
  sent: readonly Translated[],
  spans: readonly RawSpan[],
): Matches {
  const calls = truths.filter(({ kind }) => kind !== 'none');
  const events = sent.filter(({ event }) => isModelEvent(event.event));
  return matchCalls(calls, events, (event) => spanOf(event, spans));
}

export function isModelEvent(name: string): boolean {
  return name === '$ai_generation' || name === '$ai_embedding';
}

function spanOf({ call }: Translated, spans: readonly RawSpan[]): RawSpan {
  const found = spans.find(({ spanId, traceId }) => spanId === call.spanId && traceId === call.traceId);
  if (!found) throw new Error(`An event of no span: ${call.spanId}`);
  return found;
}
