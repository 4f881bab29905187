import { isModelCall, type LlmCall } from '../call/llm-call.ts';
import { type CountedCalls, createCountedCalls } from './counted-calls.ts';
import { type Demotion, repeats, SAME_CALL } from './demotion.ts';
import { demoteHalves } from './half-calls.ts';
import {
  demoteNested,
  descendantsByCall,
  fromInside,
  removeFollowUps,
  repeatsCounted,
} from './nested-calls.ts';
import { outranks } from './richer-record.ts';
import { CallFingerprint, hashOfQuestion } from './same-call.ts';
import { demoteStreamRequests } from './stream-requests.ts';
import type { TraceRecord } from './trace-table.ts';
import { demoteUsageRecords } from './usage-records.ts';

export interface CountingContext {
  traceOf(traceId: string): TraceRecord;
  readonly recent: CountedCalls;
}

/**
 * Sees to it that each model call is counted once. Calls of one batch are compared with each other, the richer record
 * of a pair counts; against calls of earlier batches, which are sent already, the newcomer gives way.
 *
 * @param calls calls of one batch; their traces know all spans of the batch
 * @returns the calls that must not carry tokens and cost, each with the reason
 */
export function findRepeats(calls: readonly LlmCall[], context: CountingContext): Map<LlmCall, Demotion> {
  const demoted = new Map<LlmCall, Demotion>();
  const models = calls.filter(({ kind }) => isModelCall(kind));
  // Not from pairs, which would be retained (see `retained`).
  const prints = new Map<LlmCall, CallFingerprint>();
  for (const call of models) prints.set(call, new CallFingerprint(call));

  demoteHalves(models, context.traceOf, demoted);
  const related = descendantsByCall(models, context.traceOf);
  removeFollowUps(related, calls);
  for (const [outer, below] of fromInside(related)) demoteNested(outer, below, prints, demoted);
  demoteStreamRequests(models, demoted);
  demoteUsageRecords(prints, context.traceOf, demoted);
  addQuestions(prints, context.recent);
  demoteDuplicates(prints, demoted);
  for (const call of models) {
    if (!demoted.has(call)) demoteAgainstPast(call, prints, context, demoted);
  }

  for (const [call, print] of prints) {
    if (demoted.has(call)) continue;
    context.traceOf(call.traceId).spanOf(call.spanId).counted = print;
    context.recent.add(print);
  }
  return demoted;
}

/** Calls of a young process whose question is looked at although no second instrumentation has shown yet. */
const FIRST_CALLS = 32;

/** Prompts are read here only where there are two instrumentations, of which one could repeat the other. */
function addQuestions(prints: ReadonlyMap<LlmCall, CallFingerprint>, recent: CountedCalls): void {
  const scopes = new Set<string>();
  for (const [{ scope }] of prints) scopes.add(scope.name);
  for (const [call, print] of prints) {
    const isNeeded = scopes.size > 1 || recent.size < FIRST_CALLS || recent.hasOthersThan(print.scopeName);
    if (isNeeded) print.questionHash = hashOfQuestion(call);
  }
}

/** Records of different instrumentations that are neither above nor below each other. */
function demoteDuplicates(
  prints: ReadonlyMap<LlmCall, CallFingerprint>,
  demoted: Map<LlmCall, Demotion>,
): void {
  const seen = createCountedCalls();
  const callOf = new Map<CallFingerprint, LlmCall>();
  for (const [call, print] of prints) {
    if (demoted.has(call)) continue;
    const duplicate = seen.findDuplicate(print);
    const other = duplicate && callOf.get(duplicate);
    if (duplicate && other && outranks(call, other)) {
      demoted.set(other, repeats(call));
      seen.remove(duplicate);
    } else if (other) {
      demoted.set(call, repeats(other));
      continue;
    }
    callOf.set(print, call);
    seen.add(print);
  }
}

function demoteAgainstPast(
  call: LlmCall,
  prints: ReadonlyMap<LlmCall, CallFingerprint>,
  context: CountingContext,
  demoted: Map<LlmCall, Demotion>,
): void {
  const print = prints.get(call);
  if (!print) return;
  if (repeatsCounted(call, print, context.traceOf(call.traceId))) {
    demoted.set(call, { because: 'its numbers repeat those of model calls that were sent before' });
    return;
  }
  const duplicate = context.recent.findDuplicate(print);
  if (duplicate) demoted.set(call, { because: SAME_CALL, countedOn: duplicate.spanId });
}
