import { inputOf, type LlmCall } from '../call/llm-call.ts';
import { isFromBroadcast } from './count-from.ts';

/** The richer record counts: one with usage before one without, then the one with more of the content and facts. */
export function outranks(a: LlmCall, b: LlmCall): boolean {
  return richness(a) > richness(b);
}

function richness(call: LlmCall): number {
  const { usage } = call;
  let points = 0;
  if (usage?.inputTokens !== undefined && usage.outputTokens !== undefined) points += 100;
  else if (usage) points += 50;
  if (call.output?.some(({ parts }) => parts.length > 0)) points += 40;
  if (inputOf(call)?.some(({ parts }) => parts.length > 0) || call.embeddingInput !== undefined) points += 40;
  if (usage?.cacheReadTokens !== undefined || usage?.cacheWriteTokens !== undefined) points += 5;
  if (usage?.reasoningTokens !== undefined) points += 3;
  if (call.cost) points += 10;
  if (call.finishReason !== undefined) points += 3;
  if (call.responseId !== undefined) points += 2;
  if (call.tools) points += 2;
  if (call.timeToFirstTokenSeconds !== undefined) points += 1;
  // Of two equal records the caller's has the timing that the user felt.
  if (call.spanKind === 'server') points -= 10;
  // Nor does OpenRouter know the trace and the person; its cost goes to the record that counts.
  if (isFromBroadcast(call)) points -= 20;
  return points;
}
