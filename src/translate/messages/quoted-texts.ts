import type { Message } from '../call/messages.ts';
import { textMessage } from './message.ts';

/** What Java writes for a message without a text. */
const NO_TEXT: ReadonlySet<string> = new Set(['', 'null']);

/**
 * Reads a list of texts that was written without escaping: a heading, then `["…", "…"]`. It is split only where a quote
 * cannot be part of a text; else it is one text.
 *
 * Source: `spring-projects/spring-ai` (ObservabilityHelper), which writes the texts of a prompt in the order of its
 * messages, without their roles, or for its client as `"role":"text"`.
 * @param role of the texts
 */
export function readQuotedTexts(value: unknown, role: string): Message[] | undefined {
  const list = typeof value === 'string' ? /^[^\n[]*\n?\["([\s\S]*)"\]\s*$/.exec(value)?.[1] : undefined;
  if (list === undefined) return undefined;
  const texts = list.split('", "');
  const isCertain =
    texts.length === 1 || texts.every((text) => !text.includes('"') || /^\w+":"[^"]*$/.test(text));
  const messages = (isCertain ? texts : [list]).flatMap((text) => {
    const [, named, said] = /^(system|user|assistant|tool)":"([\s\S]*)$/.exec(text) ?? [];
    const spoken = said ?? text;
    return NO_TEXT.has(spoken) ? [] : [textMessage(named ?? role, spoken)];
  });
  return messages.length > 0 ? messages : undefined;
}
