import { atOnce } from '../json/steps.ts';
import type { LlmCall } from '../translate/call/llm-call.ts';
import { decideBatchPrivacy } from '../translate/privacy/trace-privacy.ts';
import type { ReadResult } from '../translate/reading/read-call.ts';
import { registryIndex } from '../translate/reading/registry-index.ts';
import type { SelectionFate } from '../translate/selection/select-call.ts';
import { describeIncompleteness, incompletenessOf } from '../translate/span/incomplete-span.ts';
import { matchesAnyName } from '../translate/span/name-pattern.ts';
import { readSdkSpan } from '../translate/span/read-sdk-span.ts';
import type { ReadableSpanLike } from '../translate/span/sdk-types.ts';
import type { SpanIds, SpanView } from '../translate/span/span-view.ts';
import { createTraceMemory } from '../translate/trace/trace-memory.ts';
import { translateBatch } from '../translate/translate-batch.ts';
import type { TranslatedEvent } from '../translate/translate-steps.ts';
import { createReadLog, type ReadLog } from './considerations.ts';
import { explainAttributes } from './explain-attributes.ts';
import { explainEvent, notSent, type PrivacyNote, shownName } from './explain-event.ts';
import { type ExplainOptions, type ExplainSetup, resolveExplainSetup } from './explain-options.ts';
import { explainKind } from './explain-properties.ts';
import type { SpanExplanation } from './explanation.ts';
import { withPlainNames } from './hide-names.ts';
import { recognisedDialects } from './recognised-dialects.ts';

/**
 * What the exporter would make of finished spans of the SDK, and why: the dialect that claimed each, which attribute
 * became which property, what was ignored, withheld, cut or left out, and by which rule. Nothing is sent.
 *
 * @param spans one span, or all spans of one export
 * @param options those of the exporter, with environment and config file as it would find them, and `showContent`
 * @returns one explanation for each readable span, in the same order; content is shown only with `showContent`
 * @throws PostHogLLMConfigError when the exporter could not be made with the options
 * @example
 * console.log(renderExplanations(explain(span, { redact: ['email'] })));
 */
export function explain(
  spans: ReadableSpanLike | readonly ReadableSpanLike[],
  options: ExplainOptions = {},
): SpanExplanation[] {
  return explainSpans(readSdkSpans(spans), resolveExplainSetup(options));
}

/** The readable ones of one or more spans of the SDK. */
export function readSdkSpans(spans: ReadableSpanLike | readonly ReadableSpanLike[]): SpanView[] {
  return [spans].flat().flatMap((span) => readSdkSpan(span) ?? []);
}

/** What was noticed of one span while its batch was translated. */
interface Watched {
  readonly span: SpanView;
  readonly log: ReadLog;
  result: ReadResult | undefined;
}

/** The event of a call. */
type CallEvent = TranslatedEvent & { readonly call: LlmCall };

/** What was noticed of the calls of a batch, by the id of their span. */
interface Outcomes {
  readonly leftOut: ReadonlyMap<string, SelectionFate | 'redundant'>;
  readonly privacy: ReadonlyMap<string, readonly PrivacyNote[]>;
  readonly events: ReadonlyMap<string, CallEvent>;
  /** A call as it can be shown: where content is hidden, without names that say what its trace says. */
  readonly plain: (call: LlmCall) => LlmCall;
}

/**
 * What becomes of spans that are exported in one batch, and why. Made by translating them as the exporter does, and
 * listening meanwhile. Pure.
 *
 * @param spans with their log records, see `joinLogRecords`
 * @returns one explanation for each span, in the same order
 */
export function explainSpans(spans: readonly SpanView[], setup: ExplainSetup): SpanExplanation[] {
  const watched: Watched[] = [];
  const leftOut = new Map<string, SelectionFate | 'redundant'>();
  const privacy = new Map<string, PrivacyNote[]>();
  const events = new Map<string, CallEvent>();
  const steps = translateBatch({ spans, extras: [], memory: createTraceMemory() }, setup.translate, {
    beforeRead(span) {
      const log = createReadLog(span);
      watched.push({ span, log, result: undefined });
      return log;
    },
    onRead(_, result) {
      const last = watched.at(-1);
      if (last) last.result = result;
    },
    onLeftOut: (call, fate) => leftOut.set(idOf(call), fate),
    onPrivacy(call, property, action) {
      if (!call) return;
      const notes = privacy.get(idOf(call));
      if (notes) notes.push({ property, action });
      else privacy.set(idOf(call), [{ property, action }]);
    },
  });
  for (const step of steps) {
    if (step.type !== 'event' || !step.call) continue;
    const { call, event, fitted, demotion } = step;
    events.set(idOf(call), { call, event, fitted, demotion });
  }
  const calls = [...events.values()].map(({ call }) => call);
  const plain = setup.showContent ? (call: LlmCall) => call : plainlyNamedAmong(calls);
  const outcomes = { leftOut, privacy, events, plain };
  const explanations = watched.map((one) => explainSpan(one, outcomes, setup));
  return setup.showContent ? explanations : explanations.map(withPlainNames);
}

function plainlyNamedAmong(calls: readonly LlmCall[]): (call: LlmCall) => LlmCall {
  return atOnce(decideBatchPrivacy(calls, true, createTraceMemory().privacy)).withPlainNames;
}

const LEFT_OUT: Readonly<Record<SelectionFate | 'redundant', string>> = {
  redundant: 'alone in its trace, it would only repeat a call of another',
  filtered: 'a rule or filter function of the application leaves it out',
  'sampled-out': 'it is not in the sample',
};

function idOf({ traceId, spanId }: Pick<SpanIds, 'traceId' | 'spanId'>): string {
  return `${traceId}:${spanId}`;
}

function explainSpan(
  { span, log, result }: Watched,
  { leftOut, privacy, events, plain }: Outcomes,
  setup: ExplainSetup,
): SpanExplanation {
  const { translate, showContent } = setup;
  const id = idOf(span);
  const readable: SpanView = result ? span : { ...span, attributes: {} };
  const dialects = recognisedDialects(readable, registryIndex());
  const { considerations } = log;
  const kind = result?.type === 'call' ? result.call.kind : undefined;
  const event = kind === undefined ? undefined : events.get(id);
  const included = (name: string) => matchesAnyName(translate.includeAttributes, name);
  const facts = { index: registryIndex(), considerations, dialects, kind, included };
  return {
    span: {
      name: event ? shownName(plain(event.call), translate, showContent) : span.name,
      traceId: span.traceId,
      spanId: span.spanId,
      ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
      scope: { name: span.scope.name, ...(span.scope.version ? { version: span.scope.version } : {}) },
    },
    dialects,
    notes: kind === undefined ? [] : incompletenessOf(span).map(describeIncompleteness),
    ...(result && kind !== undefined
      ? { kind: { kind, because: result.because, from: explainKind(considerations) } }
      : {}),
    ...(event && setup.enabled
      ? explainEvent({ ...event, plain }, privacy.get(id) ?? [], log, setup)
      : notSent(event ? DISABLED : reasonFor(result, leftOut.get(id)))),
    attributes: explainAttributes(readable, facts),
  };
}

const DISABLED = 'the exporter is disabled, by its option or by OTEL_SDK_DISABLED';

function reasonFor(result: ReadResult | undefined, fate: SelectionFate | 'redundant' | undefined): string {
  if (fate !== undefined) return LEFT_OUT[fate];
  if (result?.type === 'call') return 'its event cannot be made: a value of the span fails when it is read';
  return result?.because ?? 'its attributes cannot be read';
}
