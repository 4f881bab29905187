import type { Message, Part } from '../call/messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import { isRecord, parseJson } from '../messages/recorded-json.ts';
import { readToolCall } from '../messages/tool-parts.ts';
import type { AttributeEntries } from './dialect.ts';

/**
 * Sentry's answer in parts, from the attributes after `gen_ai.response.`: `text` is plain text, a JSON list with one text
 * per choice, or (on agents) a JSON list of messages; `tool_calls` is a JSON list in the provider's own form; `object`
 * is a structured answer.
 */
export function sentryAnswer(entries: AttributeEntries): readonly Message[] | undefined {
  const fields = new Map(entries);
  const said = readText(fields.get('text') ?? fields.get('object'));
  const calls = readCalls(fields.get('tool_calls'));
  const isConversation = said.length > 1 && said.some(({ role }) => role !== 'assistant');
  if (calls.length === 0 || isConversation) return said.length > 0 ? said : undefined;
  const [first, ...others] = said;
  return [{ ...first, role: 'assistant', parts: [...(first?.parts ?? []), ...calls] }, ...others];
}

function readText(value: unknown): readonly Message[] {
  const list = parseJson(value);
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) {
    return list.filter((text) => text !== '').map(textMessage);
  }
  if (Array.isArray(list) && list.every((item) => isRecord(item) && typeof item.role === 'string')) {
    return readMessages(list, 'assistant') ?? [];
  }
  // A structured answer is JSON too, and is what the model said.
  return typeof value === 'string' && value !== '' ? [textMessage(value)] : [];
}

function textMessage(text: string): Message {
  return { role: 'assistant', parts: [{ type: 'text', text }] };
}

/** Streams of OpenAI Responses put every item of the output here, also the message whose text stands in `text`. */
function readCalls(value: unknown): readonly Part[] {
  const list = parseJson(value);
  if (!Array.isArray(list)) return [];
  return list.flatMap((item): Part[] => {
    const call = isRecord(item) && item.type !== 'message' ? readToolCall(item) : undefined;
    return call ? [call] : [];
  });
}
