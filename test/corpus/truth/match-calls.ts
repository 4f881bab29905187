import type { Translated } from '../pipeline.ts';
import type { RawSpan } from './evidence.ts';
import type { TruthCall } from './truth-call.ts';

export interface Match {
  readonly truth: TruthCall;
  readonly translated: Translated;
  readonly span: RawSpan;
}

export interface Matches {
  readonly pairs: readonly Match[];
  /** Exchanges that no event is of, except retries that another event stands for. */
  readonly lostCalls: readonly TruthCall[];
  readonly extraEvents: readonly Translated[];
}

/** Finds for each model-call event the exchange it is of, by what stands in its span, then by order. */
export function matchCalls(
  truths: readonly TruthCall[],
  events: readonly Translated[],
  spanOf: (event: Translated) => RawSpan,
): Matches {
  const ordered = events.toSorted((a, b) => Number(spanOf(a).start - spanOf(b).start));
  const candidates = truths
    .flatMap((truth, i) =>
      ordered.map((translated, j) => {
        const span = spanOf(translated);
        return { truth, translated, span, points: likeness(truth, translated, span) - Math.abs(i - j) / 100 };
      }),
    )
    .sort((a, b) => b.points - a.points);
  const pairs: Match[] = [];
  const takenTruths = new Set<TruthCall>();
  const takenEvents = new Set<Translated>();
  for (const { truth, translated, span } of candidates) {
    if (takenTruths.has(truth) || takenEvents.has(translated)) continue;
    takenTruths.add(truth);
    takenEvents.add(translated);
    pairs.push({ truth, translated, span });
  }
  swapWhereBetter(pairs);
  const lostCalls = truths.filter(
    (truth) =>
      !takenTruths.has(truth) &&
      !(truth.isFailed && pairs.some((pair) => pair.truth.requestText === truth.requestText)),
  );
  return { pairs, lostCalls, extraEvents: ordered.filter((event) => !takenEvents.has(event)) };
}

/** A later call repeats what earlier ones said, so that the best partner of one may be the only one of another. */
function swapWhereBetter(pairs: Match[]): void {
  const points = ({ truth }: Match, { translated, span }: Match) => likeness(truth, translated, span);
  for (let i = 0; i < pairs.length; i++) {
    for (let j = i + 1; j < pairs.length; j++) {
      const [a, b] = [pairs[i], pairs[j]];
      if (!a || !b || points(a, b) + points(b, a) <= points(a, a) + points(b, b)) continue;
      pairs[i] = { ...b, truth: a.truth };
      pairs[j] = { ...a, truth: b.truth };
    }
  }
}

function likeness(truth: TruthCall, { call }: Translated, { evidence, isError }: RawSpan): number {
  let points = 0;
  if (truth.kind === call.kind) points += 20;
  if (truth.responseId !== undefined && evidence.hasExactly(truth.responseId)) points += 16;
  for (const item of truth.output.flat()) {
    if (item.type === 'text' && evidence.hasText(item.text)) points += 4;
    if (item.type === 'tool_call' && evidence.hasValue(item.args)) points += 4;
  }
  for (const item of truth.input) {
    if (item.type === 'text' && evidence.hasText(item.text)) points += 1;
    if (item.type === 'tool_result' && evidence.hasText(item.text)) points += 2;
  }
  const { input, uncachedInput, output } = truth.usage;
  const counts = [input, uncachedInput, output].filter((count) => count !== undefined);
  for (const count of counts) if (evidence.hasNumber(count, /token|usage/i)) points += 1;
  if (output !== undefined && call.usage?.outputTokens === output && call.usage.inputTokens === input)
    points += 4;
  if (truth.requestedModel !== undefined && evidence.hasText(truth.requestedModel)) points += 1;
  if (truth.isFailed === (isError || call.error !== undefined)) points += 6;
  if (truth.errorMessage !== undefined && evidence.hasText(truth.errorMessage)) points += 4;
  return points;
}
