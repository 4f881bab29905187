import { exceptionFor } from './exceptions.ts';
import { type Finding, RULES } from './rules.ts';

/** Share of comparisons that must be right, of each rule, or have an explanation. */
export const WANTED_PERCENT = 98.5;

export interface RuleFigure {
  readonly rule: string;
  readonly compared: number;
  readonly right: number;
  readonly excused: number;
  readonly percent: number;
}

/** A figure per rule; what is explained counts as wrong in it. */
export function figures(findings: readonly Finding[]): RuleFigure[] {
  return RULES.map((rule) => {
    const ofRule = findings.filter((finding) => finding.rule === rule);
    const right = ofRule.filter(({ isRight }) => isRight).length;
    const excused = ofRule.filter((finding) => !finding.isRight && exceptionFor(finding)).length;
    const percent = ofRule.length === 0 ? 100 : (100 * right) / ofRule.length;
    return { rule, compared: ofRule.length, right, excused, percent };
  });
}

export function wrongOnes(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => !finding.isRight && !exceptionFor(finding));
}

export function print(recordings: number, findings: readonly Finding[]): string {
  const wrong = findings.filter(({ isRight }) => !isRight);
  return [
    `${recordings} recordings, ${findings.length} comparisons`,
    ...figures(findings).map(
      ({ rule, compared, right, excused, percent }) =>
        `${percent.toFixed(1).padStart(6)} %  ${rule} (${right} of ${compared}${excused > 0 ? `; ${excused} explained` : ''})`,
    ),
    ...wrong.map((finding) => {
      const exception = exceptionFor(finding);
      const word = exception ? 'explained' : 'WRONG';
      const reason = exception ? ` (${exception.reason})` : '';
      return `${word} ${finding.recording} | ${finding.rule} | ${finding.detail}${reason}`;
    }),
  ].join('\n');
}
