import type { Steps } from '../../json/steps.ts';
import { jsonBytesInSteps } from './json-walk.ts';
import { type Draft, noteTrim } from './trim-ladder.ts';

/** Properties that hold a conversation in order of time. Outputs do not: their elements are choices. */
const CONVERSATIONS = ['$ai_input', '$ai_input_state'] as const;

/** The newest messages (a question, or a tool's result and what called it) are not dropped, only cut. */
const KEPT_NEWEST = 2;

/** Messages that are measured between two pauses. */
const STEP_MESSAGES = 500;

const SYSTEM_ROLES: ReadonlySet<unknown> = new Set(['system', 'developer', 'instructions']);

/**
 * Drops the oldest messages until `needBytes` are saved. System prompts and the newest messages stay. Does nothing
 * when all that may be dropped would not bring `minShare` of `needBytes`.
 */
export function* trimMessages(draft: Draft, minShare: number, needBytes: number): Steps<void> {
  for (const property of CONVERSATIONS) {
    const messages = draft.properties[property];
    if (!isConversation(messages)) continue;
    const dropped = new Set<number>();
    let removedBytes = 0;
    for (const [index, message] of messages.slice(0, -KEPT_NEWEST).entries()) {
      if (removedBytes >= needBytes) break;
      if (SYSTEM_ROLES.has(roleOf(message))) continue;
      dropped.add(index);
      removedBytes += (yield* jsonBytesInSteps(message)) + 1;
      if (index % STEP_MESSAGES === 0) yield;
    }
    if (removedBytes < needBytes * minShare) continue;
    draft.properties[property] = messages.filter((_, index) => !dropped.has(index));
    noteTrim(draft, { property, action: 'oldest_messages', removedBytes, count: dropped.size });
    needBytes -= removedBytes;
  }
}

function isConversation(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.some((message) => roleOf(message) !== undefined);
}

function roleOf(message: unknown): unknown {
  if (typeof message !== 'object' || message === null || !('role' in message)) return undefined;
  return typeof message.role === 'string' ? message.role.toLowerCase() : undefined;
}
