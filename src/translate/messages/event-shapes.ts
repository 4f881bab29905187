import type { Message, Part } from '../call/messages.ts';
import { structuredContent } from './json-content.ts';
import { isMessage, readFinishReason, readMessage, withFinishReason } from './message.ts';
import { readKnownParts } from './read-parts.ts';
import type { JsonObject } from './recogniser.ts';
import { isPlaceholder, isRecord, parseJson } from './recorded-json.ts';
import { toolResult } from './tool-parts.ts';

/** `gen_ai.<role>.message`; `undefined` when the content was not captured. */
export function readMessageEvent(fields: JsonObject, role: string): Message | undefined {
  if (fields.content === undefined && fields.tool_calls === undefined) return undefined;
  return readMessage({ ...fields, content: structuredContent(fields.content) }, role);
}

/** `gen_ai.choice`: the message in `message` (structured, or text), or its content beside the finish reason. */
export function readChoice(fields: JsonObject): Message | undefined {
  const said = messageOf(fields.message) ?? fields;
  const hasContent = said.content !== undefined || said.tool_calls !== undefined || Array.isArray(said.parts);
  if (!hasContent) return undefined;
  const message = readMessage({ ...said, content: structuredContent(said.content) }, 'assistant');
  return withFinishReason(message, readFinishReason(fields));
}

function messageOf(message: unknown): JsonObject | undefined {
  if (isRecord(message)) return message;
  if (typeof message !== 'string') return undefined;
  const parsed = message.startsWith('{') ? parseJson(message) : undefined;
  return isRecord(parsed) && typeof parsed.role === 'string' && isMessage(parsed)
    ? parsed
    : { content: message };
}

/** Strands writes the answers of the tools beside the choice that called them. */
export function readToolResults(value: unknown): Message | undefined {
  if (isPlaceholder(value)) return undefined;
  const recorded = parseJson(value);
  const parts: Part[] = [];
  if (!Array.isArray(recorded) || !readKnownParts(recorded, parts)) {
    parts.push(toolResult(undefined, undefined, recorded, false));
  }
  return { role: 'tool', parts };
}
