import { readFinishReason, readMessage, textMessage } from './message.ts';
import { filledArray, firstText } from './object-members.ts';
import type { JsonObject, Recogniser } from './recogniser.ts';
import { isRecord } from './recorded-json.ts';
import { standardRole } from './roles.ts';

/**
 * LangChain's serialised messages: `{lc: 1, type: 'constructor', id: [..., 'AIMessage'], kwargs}`, `{type: 'ai', data}`
 * and the plain `{type: 'human', content}` of Python; also prompt values, which hold messages.
 */
export const readLangChain: Recogniser = (source, reading, into) => {
  const { kwargs, type } = source;
  if (isRecord(kwargs) && Array.isArray(source.id))
    return readConstructor(source.id.at(-1), kwargs, reading, into);
  if (typeof type !== 'string' || typeof source.role === 'string') return false;
  const role = roleOfClass(type) ?? standardRole(type);
  const fields = isRecord(source.data) ? source.data : source;
  if (role === undefined || fields.content === undefined) return false;
  into.push(readMessage(asMessage(fields, role), role));
  return true;
};

function readConstructor(
  className: unknown,
  fields: JsonObject,
  reading: Parameters<Recogniser>[1],
  into: Parameters<Recogniser>[2],
): boolean {
  const role = roleOfClass(className);
  if (role !== undefined) into.push(readMessage(asMessage(fields, role), role));
  else if (Array.isArray(fields.messages)) return reading.nested(fields.messages, into);
  else if (typeof fields.value === 'string') into.push(textMessage(reading.defaultRole, fields.value));
  else return false;
  return true;
}

/** `AIMessage`, `AIMessageChunk`, …; `ChatMessage` says its role itself. */
const CLASS_ROLES: ReadonlyMap<unknown, string> = new Map([
  ['HumanMessage', 'user'],
  ['AIMessage', 'assistant'],
  ['SystemMessage', 'system'],
  ['ToolMessage', 'tool'],
  ['FunctionMessage', 'tool'],
  ['ChatMessage', 'chat'],
]);

function roleOfClass(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined;
  return CLASS_ROLES.get(name.endsWith('Chunk') ? name.slice(0, -'Chunk'.length) : name);
}

/** The fields under the names that chat messages have; provider extras live in `additional_kwargs`. */
function asMessage(fields: JsonObject, role: string): JsonObject {
  const extra = isRecord(fields.additional_kwargs) ? fields.additional_kwargs : {};
  const response = isRecord(fields.response_metadata) ? fields.response_metadata : {};
  const valid = filledArray(fields, 'tool_calls') ?? filledArray(extra, 'tool_calls') ?? [];
  return {
    role: firstText(fields, ['role']) ?? role,
    content: fields.content,
    tool_calls: [...valid, ...(filledArray(fields, 'invalid_tool_calls') ?? [])],
    function_call: extra.function_call,
    reasoning_content: extra.reasoning_content,
    refusal: extra.refusal,
    audio: extra.audio,
    tool_call_id: fields.tool_call_id,
    status: fields.status,
    name: fields.name,
    finish_reason: readFinishReason(response),
  };
}
