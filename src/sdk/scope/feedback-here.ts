import { context } from '@opentelemetry/api';
import type { FeedbackTarget } from '../../translate/event/feedback-event.ts';
import { scopeIn } from './scope-holder.ts';
import { currentTraceId } from './with-trace.ts';

/** Whether the scope here and now withholds content. */
export function isPrivateHere(): boolean {
  return scopeIn(context.active())?.privacyMode === true;
}

/** Feedback with trace, user and session of the place where it is given, as far as it names none itself. */
export function feedbackHere<T extends FeedbackTarget>(feedback: T): T {
  // Judging another trace than the one here and now: whoever is the user here need not be that of the other.
  if (feedback.traceId !== undefined) return feedback;
  const scope = scopeIn(context.active());
  return {
    ...feedback,
    traceId: currentTraceId(),
    user: feedback.user ?? scope?.user,
    sessionId: feedback.sessionId ?? scope?.sessionId,
  };
}
