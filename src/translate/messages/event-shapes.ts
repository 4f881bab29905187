import type { Message, Part } from '../call/messages.ts';
import { structuredContent } from './json-content.ts';
import { isMessage, readFinishReason, readMessage, withFinishReason } from './message.ts';
import { readKnownParts } from './read-parts.ts';
import type { JsonObject } from './recogniser.ts';
import { isPlaceholder, isRecord, parseJson } from './recorded-json.ts';
import { toolResult } from './tool-parts.ts';

/** `gen_ai.<role>.message`; `undefined` when the content was not captured. */
export function readMessageEvent(fields: JsonObject, role: string): Message | undefined {
  if (!hasContent(fields)) return undefined;
  return readMessage({ ...fields, content: structuredContent(fields.content) }, role);
}

/**
 * `gen_ai.choice`: the message in `message` (structured, or text), or its content beside the finish reason. Traceloop and
 * the Java agent write the tool calls beside the message.
 */
export function readChoice(fields: JsonObject): Message | undefined {
  const inner = messageOf(fields.message);
  const toolCalls = toolCallsOf(inner ?? fields) ?? toolCallsOf(fields);
  const said: JsonObject = {
    ...(inner ?? fields),
    ...(toolCalls === undefined ? {} : { tool_calls: toolCalls }),
  };
  if (!hasContent(said)) return undefined;
  const message = readMessage({ ...said, content: structuredContent(said.content) }, 'assistant');
  return withFinishReason(message, readFinishReason(fields));
}

function toolCallsOf({ tool_calls, toolCalls }: JsonObject): unknown {
  const calls = tool_calls ?? toolCalls;
  return isPlaceholder(calls) ? undefined : calls;
}

function hasContent(fields: JsonObject): boolean {
  const { content, parts } = fields;
  return (
    (content !== undefined && content !== null) || toolCallsOf(fields) !== undefined || Array.isArray(parts)
  );
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
