import type { Judged } from './exceptions.ts';
import type { Check, Finding } from './report.ts';

export interface Figures {
  readonly recordings: number;
  readonly spans: number;
  readonly calls: number;
  readonly events: ReadonlyMap<string, number>;
}

/** The comparison in words, for people. */
export function summarise(
  { recordings, spans, calls, events }: Figures,
  findings: readonly Finding[],
  { failures, excused }: Judged,
): string {
  const kinds = [...events].sort().map(([name, count]) => `${count} ${name}`);
  const excuses = [...excused.values()].reduce((sum, list) => sum + list.length, 0);
  return [
    `${recordings} recordings, ${spans} spans, ${calls} model calls; events: ${kinds.join(', ')}`,
    `${findings.length} comparisons, ${excuses} excused by ${excused.size} exceptions, ${failures.length} wrong`,
    ...countByCheck(findings).map(([check, count]) => `  ${String(count).padStart(6)} ${check}`),
    ...failures.map(({ recording, check, detail }) => `WRONG ${recording} | ${check} | ${detail}`),
  ].join('\n');
}

function countByCheck(findings: readonly Finding[]): [Check, number][] {
  const counts = new Map<Check, number>();
  for (const { check } of findings) counts.set(check, (counts.get(check) ?? 0) + 1);
  return [...counts];
}
