/** What is compared, one name per rule of PostHog. */
export const RULES = [
  'price of the input',
  'price of the output',
  'web searches',
  'price list: model',
  'price list: provider',
  'price list: tier',
  'price told by the spans',
  'trace: one event',
  'trace: name',
  'trace: person',
  'trace: session',
  'trace: latency',
  'event: person',
  'tool call is displayed',
  'answer is displayed',
  'messages are known',
  'error status',
] as const;

export type Rule = (typeof RULES)[number];

export interface Finding {
  readonly recording: string;
  readonly rule: Rule;
  readonly isRight: boolean;
  /** For what is wrong, how. */
  readonly detail: string;
}

/** Takes note of one comparison; the detail is only made for what is wrong. */
export type Note = (rule: Rule, isRight: boolean, detail: () => string) => void;

export function createLedger(recording: string): { readonly note: Note; readonly findings: Finding[] } {
  const findings: Finding[] = [];
  const note: Note = (rule, isRight, detail) =>
    findings.push({ recording, rule, isRight, detail: isRight ? '' : detail() });
  return { note, findings };
}
