import { OPEN_LIST, OPEN_OBJECT } from '../../json/json-characters.ts';
import { retainedObject } from '../../json/memory/retained.ts';
import { RecordedText } from '../../json/recorded-text.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../call/messages.ts';
import { RecordedResultPart } from '../call/recorded-parts.ts';
import { firstText, firstValue } from './object-members.ts';
import type { JsonObject } from './recogniser.ts';
import { isRecord, parseJson } from './recorded-json.ts';
import { joinedText } from './text-parts.ts';

/** The id that joins call and answer stands first: Responses items have an item id beside it. */
const CALL_ID_KEYS = [
  'call_id',
  'callId',
  'toolCallId',
  'tool_call_id',
  'toolUseId',
  'tool_use_id',
  'id',
  'ref',
];
const NAME_KEYS = ['name', 'toolName', 'tool_name', 'tool.name'];
const ARGUMENT_KEYS = ['arguments', 'args', 'input', 'parameters', 'toolInput', 'tool_input', 'tool.args'];
const RESULT_KEYS = ['response', 'result', 'output', 'content', 'error'];
/** Objects that some providers put name and arguments into. */
const CALL_BODY_KEYS = ['function', 'custom', 'tool_call', 'toolCall'];

export function toolCall(id: string | undefined, name: string, args: unknown): ToolCallPart {
  const call = {
    type: 'tool_call',
    ...(id === undefined ? undefined : { id }),
    name,
    ...(args === undefined ? undefined : { arguments: encodedOnce(args) }),
  } as const;
  return retainedObject(call);
}

/** Arguments that were made JSON text twice are text once. */
function encodedOnce(args: unknown): unknown {
  if (typeof args !== 'string' || !args.startsWith('"{')) return args;
  const inner = parseJson(args);
  return typeof inner === 'string' ? inner : args;
}

/** A tool call in any provider's spelling, `undefined` when it names no tool. */
export function readToolCall(source: JsonObject): ToolCallPart | undefined {
  const body = firstValue(source, CALL_BODY_KEYS);
  const inner = isRecord(body) ? body : source;
  const name = firstText(inner, NAME_KEYS) ?? firstText(source, NAME_KEYS);
  if (name === undefined) return undefined;
  return toolCall(
    firstText(source, CALL_ID_KEYS) ?? firstText(inner, CALL_ID_KEYS),
    name,
    firstValue(inner, ARGUMENT_KEYS),
  );
}

/** A part that is a tool call in any provider's spelling. */
export function toolCallPart(source: JsonObject, parts: Part[]): boolean {
  const call = readToolCall(source);
  if (call === undefined) return false;
  parts.push(call);
  return true;
}

/** A part that answers a tool call in any provider's spelling. */
export function toolResultPart(source: JsonObject, parts: Part[]): boolean {
  const result = firstValue(source, RESULT_KEYS);
  const id = firstText(source, CALL_ID_KEYS);
  if (result === undefined && id === undefined) return false;
  parts.push(toolResult(id, firstText(source, NAME_KEYS), result, isFailure(source)));
  return true;
}

export function toolResult(
  id: string | undefined,
  name: string | undefined,
  result: unknown,
  isError: boolean,
): ToolResultPart {
  if (result instanceof RecordedText) return new RecordedResultPart(id, result, name, isError);
  const answer = {
    type: 'tool_result',
    ...(id === undefined ? undefined : { id }),
    ...(name === undefined ? undefined : { name }),
    result: plainResult(result),
    ...(isError ? { isError } : undefined),
  } as const;
  return retainedObject(answer);
}

/** Id of the call that a tool message answers; unlike in a part, a bare `id` is the message's own. */
export function answeredCallId(source: JsonObject): string | undefined {
  return firstText(source, ['tool_call_id', 'toolCallId', 'call_id', 'callId', 'tool_use_id', 'toolUseId']);
}

export function isFailure(source: JsonObject): boolean {
  return source.is_error === true || source.isError === true || source.status === 'error';
}

/** A result of nothing but text blocks becomes that text, a lone `{json}` block its value; anything else stays. */
function plainResult(result: unknown): unknown {
  if (!Array.isArray(result)) return result;
  const only: unknown = result.length === 1 ? result[0] : undefined;
  if (isRecord(only) && 'json' in only && Object.keys(only).length === 1) return only.json;
  return joinedText(result) ?? result;
}

/**
 * Adds tool calls that stand beside the content. Emitters often write the same calls in both places; such a call is
 * known by its id, or by its name where one of the two carries no id, and is not added again.
 */
export function addToolCalls(parts: Part[], calls: unknown): void {
  if (!Array.isArray(calls)) return;
  const known = knownCalls(parts);
  for (const source of calls) {
    if (!isRecord(source)) continue;
    const call = readToolCall(source);
    if (call === undefined) parts.push({ type: 'other', value: source });
    else if (known === undefined || !known.claim(call)) parts.push(call);
  }
}

function knownCalls(parts: readonly Part[]): { claim(call: ToolCallPart): boolean } | undefined {
  const ids = new Set<string>();
  const named = new Map<string, number>();
  const anonymous = new Map<string, number>();
  for (const part of parts) {
    if (part.type !== 'tool_call') continue;
    named.set(part.name, (named.get(part.name) ?? 0) + 1);
    if (part.id === undefined) anonymous.set(part.name, (anonymous.get(part.name) ?? 0) + 1);
    else ids.add(part.id);
  }
  if (named.size === 0) return undefined;
  return {
    claim(call) {
      if (call.id !== undefined && ids.has(call.id)) return true;
      const open = call.id === undefined ? named : anonymous;
      const count = open.get(call.name) ?? 0;
      if (count > 0) open.set(call.name, count - 1);
      return count > 0;
    },
  };
}

/**
 * Adds the calls of a model that an emitter wrote as the text of the answer: a JSON list of OpenAI's calls, or Haystack's
 * `{"tool_call": …}`. `false`, with nothing added, for any other text.
 */
export function addWrittenCalls(said: unknown, parts: Part[]): boolean {
  const content = said instanceof RecordedText && beginsAsCalls(said) ? said.text : said;
  if (typeof content !== 'string' || !(content.startsWith('[{') || content.startsWith('{"tool_call":')))
    return false;
  const written = parseJson(content);
  const calls: unknown[] = Array.isArray(written) ? written : [written];
  const isCall = (call: unknown) =>
    isRecord(call) &&
    ((call.type === 'function' && isRecord(call.function)) ||
      (isRecord(call.tool_call) && Object.keys(call).length === 1));
  if (calls.length === 0 || !calls.every(isCall)) return false;
  addToolCalls(parts, calls);
  return true;
}

/** A text that was not decoded need not be for that. */
function beginsAsCalls({ firstUnit }: RecordedText): boolean {
  return firstUnit === OPEN_LIST || firstUnit === OPEN_OBJECT;
}
