import type { LlmCall } from '../call/llm-call.ts';
import { type Demotion, repeats } from './demotion.ts';
import { hashOfQuestion } from './same-call.ts';

/**
 * A request whose answer came as a stream and has a record of its own, even in another trace (Logfire): of the
 * requests of the same instrumentation and model that asked the same and have no answer, the one that ended last before
 * the record.
 */
export function demoteStreamRequests(models: readonly LlmCall[], demoted: Map<LlmCall, Demotion>): void {
  for (const answer of models) {
    if (!answer.isStreamAnswer) continue;
    const question = hashOfQuestion(answer);
    const request = models
      .filter((call) => !demoted.has(call) && isUnanswered(call, answer) && canHaveAsked(call, question))
      .reduce<LlmCall | undefined>(
        (last, call) => ((call.endTimeMs ?? 0) > (last?.endTimeMs ?? Number.NEGATIVE_INFINITY) ? call : last),
        undefined,
      );
    if (request) demoted.set(request, repeats(answer));
  }
}

function isUnanswered(call: LlmCall, answer: LlmCall): boolean {
  return (
    call !== answer &&
    call.scope.name === answer.scope.name &&
    call.requestedModel === answer.requestedModel &&
    call.usage === undefined &&
    call.responseId === undefined &&
    call.output === undefined &&
    call.error === undefined &&
    (call.startTimeMs ?? 0) <= (answer.startTimeMs ?? 0)
  );
}

/** Where one of the two records no question, nothing speaks against it. */
function canHaveAsked(call: LlmCall, question: number | undefined): boolean {
  const asked = question === undefined ? undefined : hashOfQuestion(call);
  return asked === undefined || asked === question;
}
