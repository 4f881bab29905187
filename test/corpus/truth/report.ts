/** What is compared, one name per question. */
export type Check =
  | 'every call has one event'
  | 'every event has a call'
  | 'span is filed right'
  | 'kind of wrapper'
  | 'wrapper has no numbers'
  | 'tool span content'
  | 'parent'
  | 'identity'
  | 'content keys'
  | 'timing'
  | 'failure of wrapper'
  | 'content of wrapper'
  | 'no vectors'
  | 'event name'
  | 'model'
  | 'provider'
  | 'response id'
  | 'streaming'
  | 'parameters'
  | 'time to first token'
  | 'input text'
  | 'input role'
  | 'input order'
  | 'input said once'
  | 'input tool call'
  | 'input tool result'
  | 'input media'
  | 'input reasoning'
  | 'nothing foreign in input'
  | 'output text'
  | 'output role'
  | 'output order'
  | 'output said once'
  | 'output tool call'
  | 'output tool result'
  | 'output media'
  | 'output reasoning'
  | 'nothing foreign in output'
  | 'one element per choice'
  | 'tools offered'
  | 'input tokens'
  | 'output tokens'
  | 'cache read tokens'
  | 'cache write tokens'
  | 'reasoning tokens'
  | 'no invented tokens'
  | 'cost'
  | 'finish reason'
  | 'error'
  | 'error message'
  | 'HTTP status';

export interface Finding {
  readonly recording: string;
  readonly check: Check;
  readonly isRight: boolean;
  /** What is compared, and for a failure what was wrong. */
  readonly detail: string;
}

/** Takes note of one comparison; the detail is only made for failures. */
export type Note = (check: Check, isRight: boolean, detail: () => string) => void;

export function createNotes(recording: string): { readonly note: Note; readonly findings: Finding[] } {
  const findings: Finding[] = [];
  return {
    findings,
    note: (check, isRight, detail) =>
      findings.push({ recording, check, isRight, detail: isRight ? '' : detail() }),
  };
}

export function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return text.length > 160 ? `${text.slice(0, 150)}… (${text.length})` : text;
}
