/** What the span itself says the call cost, in US dollars. Absent when the span carries no price. */
export interface Cost {
  readonly inputUsd?: number;
  readonly outputUsd?: number;
  readonly totalUsd?: number;
}

/** Keeps only figures that are finite and not negative; `undefined` when none is left. */
export function toCost(figures: Cost): Cost | undefined {
  const kept: { -readonly [K in keyof Cost]: Cost[K] } = {};
  for (const key of ['inputUsd', 'outputUsd', 'totalUsd'] as const) {
    const figure = figures[key];
    if (figure !== undefined && Number.isFinite(figure) && figure >= 0) kept[key] = figure;
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/** The price of nothing. */
export function isFree({ inputUsd = 0, outputUsd = 0, totalUsd = 0 }: Cost): boolean {
  return inputUsd === 0 && outputUsd === 0 && totalUsd === 0;
}
