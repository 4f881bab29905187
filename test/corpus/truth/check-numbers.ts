import type { Evidence } from './evidence.ts';
import type { Match } from './match-calls.ts';
import type { Note } from './report.ts';
import type { TruthUsage } from './truth-call.ts';

const USAGE = /token|usage/i;

/** Models whose reasoning tokens PostHog adds to the output when it prices a call. */
const REASONING_ADDED = /gemini-(?:2\.5|3)/i;

/** Tokens and cost, as PostHog will count them, against what the server said. */
export function checkNumbers({ truth, translated, span }: Match, note: Note): void {
  const { properties } = translated.event;
  const { usage } = truth;
  const { evidence } = span;
  const read = (name: string) => {
    const value = properties[`$ai_${name}`];
    return typeof value === 'number' ? value : undefined;
  };
  const cacheRead = read('cache_read_input_tokens');
  const cacheWrite = read('cache_creation_input_tokens');
  const isExclusive = properties['$ai_cache_reporting_exclusive'] === true;

  compare('cache read tokens', cacheRead, usage.cacheRead, evidence, note);
  compare('cache write tokens', cacheWrite, usage.cacheWrite, evidence, note);
  const cached = (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0);
  const knowsCache = (cacheRead ?? 0) + (cacheWrite ?? 0) === cached;
  const input = read('input_tokens');
  const whole = input === undefined || !isExclusive ? input : input + (cacheRead ?? 0) + (cacheWrite ?? 0);
  checkCount(
    'input tokens',
    whole,
    usage.input,
    knowsCache ? undefined : usage.uncachedInput,
    evidence,
    note,
    [usage.input, usage.uncachedInput],
  );

  const reasoning = read('reasoning_tokens');
  compare('reasoning tokens', reasoning, usage.reasoning, evidence, note);
  const output = read('output_tokens');
  const isAdded = REASONING_ADDED.test(String(properties['$ai_model']));
  const billed =
    output === undefined
      ? undefined
      : isAdded
        ? (read('text_output_tokens') ?? output) + (reasoning ?? 0)
        : output;
  const knowsReasoning = (reasoning ?? 0) === (usage.reasoning ?? 0);
  const visible = knowsReasoning ? undefined : usage.visibleOutput;
  checkCount('output tokens', billed, usage.output, visible, evidence, note, [
    usage.output,
    usage.visibleOutput,
  ]);

  const given = new Set<number>([...usage.all, ...derived(usage)]);
  for (const [name, value] of Object.entries(properties)) {
    if (!/^\$ai_.*tokens$/.test(name) || typeof value !== 'number') continue;
    const isKnown = given.has(value) || (value === 0 && evidence.hasNumber(0, USAGE));
    note('no invented tokens', isKnown, () => `${name} is ${value}, the server said ${usage.all.join(', ')}`);
  }

  const cost = properties['$ai_total_cost_usd'];
  if (truth.costUsd !== undefined && evidence.hasNumber(truth.costUsd, /cost/i)) {
    note('cost', cost === truth.costUsd, () => `${String(cost)} instead of ${truth.costUsd}`);
  } else {
    note('cost', cost === undefined, () => `${String(cost)} from nowhere`);
  }
}

/** A count is needed when any form of it is recorded, and must be right when it is there. */
function checkCount(
  check: 'input tokens' | 'output tokens',
  found: number | undefined,
  right: number | undefined,
  alsoRight: number | undefined,
  evidence: Evidence,
  note: Note,
  forms: readonly (number | undefined)[],
): void {
  const isRecorded = forms.some((form) => form !== undefined && evidence.hasNumber(form, USAGE));
  if (found === undefined && !isRecorded) return;
  const isRight = found !== undefined && (found === right || found === alsoRight);
  note(check, isRight, () => `${found} instead of ${right}`);
}

/** A part of the usage: zero may also be absent. */
function compare(
  check: 'cache read tokens' | 'cache write tokens' | 'reasoning tokens',
  found: number | undefined,
  right: number | undefined,
  evidence: Evidence,
  note: Note,
): void {
  if (found === undefined) {
    const isRecorded = right !== undefined && right > 0 && evidence.hasNumber(right, PARTS[check]);
    note(check, !isRecorded, () => `none instead of ${right}`);
    return;
  }
  note(check, found === (right ?? 0), () => `${found} instead of ${right}`);
}

const PARTS = {
  'cache read tokens': /cache/i,
  'cache write tokens': /cache/i,
  'reasoning tokens': /reason|thought/i,
} as const;

/** Counts that follow from the server's: with and without cached and reasoning tokens, and their totals. */
function derived({ input, uncachedInput, output, visibleOutput }: TruthUsage): number[] {
  const inputs = [input, uncachedInput].filter((count) => count !== undefined);
  const outputs = [output, visibleOutput].filter((count) => count !== undefined);
  return [...inputs, ...outputs, ...inputs.flatMap((a) => outputs.map((b) => a + b))];
}
