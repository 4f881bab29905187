import type { LlmCall } from '../translate/call/llm-call.ts';
import { registryIndex } from '../translate/dialects/registry.ts';
import { type ReadResult, readCall } from '../translate/reading/read-call.ts';
import { createSelector, type SelectionFate } from '../translate/selection/select-call.ts';
import type { SpanView } from '../translate/span/span-view.ts';
import type { Demotion } from '../translate/trace/count-once.ts';
import { createTraceMemory, resolveBatch, type Selection } from '../translate/trace/resolve-batch.ts';
import { createReadLog, type ReadLog } from './considerations.ts';
import { explainAttributes } from './explain-attributes.ts';
import { explainEvent, shownName } from './explain-event.ts';
import { EXPLAIN_DEFAULTS, type ExplainOptions, type WantedOptions } from './explain-options.ts';
import { explainKind } from './explain-properties.ts';
import type { SpanExplanation } from './explanation.ts';
import { recognisedDialects } from './recognised-dialects.ts';

interface Read {
  readonly span: SpanView;
  readonly log: ReadLog;
  readonly result: ReadResult;
}

/**
 * What the exporter makes of spans that it gets in one batch, and why. Pure, and made by the exporter's own code while
 * it is watched; there is no second copy of its rules.
 *
 * @param spans with their log records, see `joinLogRecords`
 * @returns one explanation for each span, in the same order
 */
export function explainSpans(spans: readonly SpanView[], options: ExplainOptions = {}): SpanExplanation[] {
  const wanted = { ...EXPLAIN_DEFAULTS, ...options };
  const reads = spans.map((span) => read(span, wanted));
  const calls = reads.flatMap(({ result }) => (result.type === 'call' ? [result.call] : []));
  const unsent = reads.flatMap(({ span, result }) => (result.type === 'foreign' ? [span] : []));
  const leftOut = new Map<string, SelectionFate>();
  const settled = resolveBatch(calls, unsent, createTraceMemory(), chooserOf(wanted, leftOut));
  const settledById = new Map([...settled].map(([call, demotion]) => [idOf(call), { call, demotion }]));
  return reads.map((one) => {
    const fate = leftOut.get(idOf(one.span));
    const because = fate === undefined ? one.result.because : LEFT_OUT[fate];
    const call = one.result.type === 'call' ? settledById.get(idOf(one.span)) : undefined;
    return explain(one, call, because, wanted);
  });
}

const LEFT_OUT: Readonly<Record<SelectionFate, string>> = {
  filtered: 'a rule or filter function of the application leaves it out',
  'sampled-out': 'it is not in the sample',
};

/** The application's choice, which also notes whom it leaves out. */
function chooserOf({ choice }: ExplainOptions, leftOut: Map<string, SelectionFate>) {
  if (!choice) return undefined;
  return (call: LlmCall): Selection =>
    createSelector(
      choice,
      (fate) => leftOut.set(idOf(call), fate),
      () => {},
    )(call);
}

function idOf({ traceId, spanId }: Pick<SpanView, 'traceId' | 'spanId'>): string {
  return `${traceId}:${spanId}`;
}

function read(span: SpanView, { includeAttributes }: WantedOptions): Read {
  const log = createReadLog(span);
  try {
    return { span, log, result: readCall(log.span, { includeAttributes, observer: log.observer }) };
  } catch {
    const nothing: SpanView = { ...span, attributes: {} };
    return { span: nothing, log, result: { type: 'foreign', because: 'its attributes cannot be read' } };
  }
}

function explain(
  { span, log, result }: Read,
  settled: { readonly call: LlmCall; readonly demotion: Demotion | undefined } | undefined,
  because: string,
  options: WantedOptions,
): SpanExplanation {
  const { considerations } = log;
  const dialects = recognisedDialects(span, registryIndex);
  const kind = result.type === 'call' ? result.call.kind : undefined;
  const wanted = options.includeAttributes;
  const included = (name: string) =>
    wanted.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry));
  const facts = { index: registryIndex, considerations, dialects, kind, included };
  return {
    span: {
      name: settled ? shownName(settled.call, options) : span.name,
      traceId: span.traceId,
      spanId: span.spanId,
      ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
      scope: { name: span.scope.name, ...(span.scope.version ? { version: span.scope.version } : {}) },
    },
    dialects,
    ...(kind === undefined
      ? {}
      : { kind: { kind, because: result.because, from: explainKind(considerations) } }),
    ...(settled
      ? explainEvent(settled.call, settled.demotion, log, options)
      : {
          outcome: { type: 'filtered', because },
          properties: [],
          privacy: [],
          trimmed: [],
        }),
    attributes: explainAttributes(span, facts),
  };
}
