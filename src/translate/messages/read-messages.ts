import type { Message } from '../call/messages.ts';
import { neverThrow } from '../span/never-throw.ts';
import { readRecorded } from './read-value.ts';

/**
 * Reads a recorded value in any provider's message format. Pure, linear in the size of the value, never throws.
 * @param value JSON text, a structured value, a list of JSON texts, or plain text
 * @param defaultRole role of text and parts that carry none: `user` for input, `assistant` for output
 * @returns messages in the order in which they were said, one per choice for an answer; text of no known shape (also
 * JSON that was cut off) as one text message, a structured value of no known shape as one `other` part; `undefined`
 * when there is no content
 */
export function readMessages(value: unknown, defaultRole: string): Message[] | undefined {
  return neverThrow(() => readRecorded(value, defaultRole));
}
