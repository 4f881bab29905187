import { looksLikeModelCall } from './content-records.ts';
import { neverThrow } from './never-throw.ts';
import type { SpanView } from './span-view.ts';

/** Spans between two that are compared, at most: two records of one call end one shortly after the other. */
export const MAX_DISTANCE = 64;

/** What a cut must know of a span. */
export type CuttableSpan = Pick<
  SpanView,
  'traceId' | 'attributes' | 'scope' | 'startTimeMs' | 'endTimeMs' | 'resource'
>;

/**
 * Where to cut a row of spans, in the order of their end, that is too long to be looked at as a whole: as late as can be
 * without parting two that may record one call, since the richer one is to win, whichever came first.
 *
 * @param spans `undefined` stands for one that cannot be read
 * @returns how many go first: at most `max`, and at least the half of it
 */
export function cutBetweenCalls(spans: readonly (CuttableSpan | undefined)[], max: number): number {
  // Values that cannot be read say nothing, and part nothing.
  return spans.length <= max ? spans.length : (neverThrow(() => latestCut(spans, max)) ?? max);
}

function latestCut(spans: readonly (CuttableSpan | undefined)[], max: number): number {
  const earliest = Math.ceil(max / 2);
  const offset = Math.max(0, earliest - MAX_DISTANCE);
  const near = spans.slice(offset, max + MAX_DISTANCE);
  const calls = near.map((span) => (span && looksLikeModelCall(span) ? span : undefined));
  // A busy process has always some that overlap; then at least those of one trace stay together.
  return (
    lastCut(calls, offset, [earliest, max], mayBeOneCall) ??
    lastCut(calls, offset, [earliest, max], (a, b) => a.traceId === b.traceId && mayBeOneCall(a, b)) ??
    max
  );
}

/** Whether two spans may record one call, as far as it shows without reading them. */
export function mayBeOneCall(a: CuttableSpan, b: CuttableSpan): boolean {
  if (a.scope.name === b.scope.name) return false;
  const answer = answerIdOf(a);
  if (answer !== undefined && answer === answerIdOf(b)) return true;
  if (a.traceId !== b.traceId && a.resource['service.name'] !== b.resource['service.name']) return false;
  return overlap(periodOf(a), periodOf(b));
}

/** The id of the answer, where a span has it under a common name. */
export function answerIdOf({ attributes }: Pick<SpanView, 'attributes'>): unknown {
  return attributes['gen_ai.response.id'] ?? attributes['ai.response.id'];
}

/** From a start to an end. */
export interface Period {
  readonly startMs: number;
  readonly endMs: number;
}

/** When a span was under way; what it does not say may be any time. */
export function periodOf({ startTimeMs, endTimeMs }: Pick<SpanView, 'startTimeMs' | 'endTimeMs'>): Period {
  return { startMs: startTimeMs ?? Number.NEGATIVE_INFINITY, endMs: endTimeMs ?? Number.POSITIVE_INFINITY };
}

export function overlap(a: Period, b: Period): boolean {
  return a.startMs <= b.endMs && b.startMs <= a.endMs;
}

function lastCut(
  calls: readonly (CuttableSpan | undefined)[],
  offset: number,
  [earliest, latest]: readonly [number, number],
  isPair: (a: CuttableSpan, b: CuttableSpan) => boolean,
): number | undefined {
  /** By place of a cut, the pairs that open and, negative, that close there. */
  const pairs = new Array<number>(calls.length + 1).fill(0);
  calls.forEach((later, index) => {
    if (!later) return;
    for (let before = Math.max(0, index - MAX_DISTANCE); before < index; before++) {
      const earlier = calls[before];
      if (!earlier || !isPair(earlier, later)) continue;
      pairs[before + 1] = (pairs[before + 1] ?? 0) + 1;
      pairs[index + 1] = (pairs[index + 1] ?? 0) - 1;
      // The pairs within this one are parted by no other cuts.
      break;
    }
  });
  let open = 0;
  let found: number | undefined;
  for (let cut = offset; cut <= latest; cut++) {
    open += pairs[cut - offset] ?? 0;
    if (open === 0 && cut >= earliest) found = cut;
  }
  return found;
}
