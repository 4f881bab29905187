import { emptyRetained } from '../../json/memory/retained.ts';
import { finishWord } from '../call/finish-reason.ts';
import type { Message, Part } from '../call/messages.ts';
import { type FlatNode, listAt, nodeAt, textAt, valueAt } from './flattened-tree.ts';
import { readJsonContent } from './json-content.ts';
import { buildMessage } from './message.ts';
import { parseJson } from './recorded-json.ts';
import { readRole, standardRole } from './roles.ts';
import { joinedText, pushReasoning } from './text-parts.ts';
import { addToolCalls, toolResult } from './tool-parts.ts';

/** `N.role`, `N.content`, `N.tool_calls.M.…`, `N.function_call.…` of Traceloop and LiteLLM. */
export function readTraceloopMessage(entry: FlatNode, defaultRole: string): Message | undefined {
  const reason = textAt(entry, 'finish_reason');
  const finishReason = reason === undefined ? undefined : finishWord(reason);
  const keyed = keyedByRole(entry);
  const word = textAt(entry, 'role') ?? keyed?.role;
  const role = readRole(word, finishReason === undefined ? defaultRole : 'assistant');
  const content = valueAt(entry, 'content') ?? keyed?.text;
  const parts = isThought(word) ? thoughtOf(content) : readParts(entry, role, content);
  if (word === undefined && content === undefined && finishReason === undefined && parts.length === 0)
    return undefined;
  return buildMessage(role, undefined, reason, parts);
}

/** Anthropic's blocks, of which each is an entry with its type for a role. */
function isThought(word: string | undefined): boolean {
  return word === 'thinking' || word === 'reasoning';
}

function thoughtOf(content: unknown): readonly Part[] {
  const parts = emptyRetained<Part>();
  pushReasoning(parts, joinedText(parseJson(content)));
  return parts;
}

/** Some instrumentations (Cohere, legacy completions) name the attribute of the text after the role. */
function keyedByRole(entry: FlatNode): { readonly role: string; readonly text: string } | undefined {
  for (const [key, { value }] of entry.children) {
    if (typeof value === 'string' && standardRole(key) !== undefined) return { role: key, text: value };
  }
  return undefined;
}

function readParts(entry: FlatNode, role: string, content: unknown): readonly Part[] {
  const parts = emptyRetained<Part>();
  pushReasoning(parts, reasoningOf(entry));
  // The SDK writes "null" for the content of a message that only calls tools.
  if (content !== 'null') readJsonContent(content, parts);
  const answered = textAt(entry, 'tool_call_id');
  const isAnswer = role === 'tool' || (answered !== undefined && role !== 'assistant');
  if (isAnswer && content !== undefined && !parts.some((part) => part.type === 'tool_result')) {
    return [toolResult(answered, textAt(entry, 'name'), content, false)];
  }
  addToolCalls(parts, listAt(entry, 'tool_calls').flatMap(callOf));
  const legacy = nodeAt(entry, 'function_call');
  if (legacy !== undefined) addToolCalls(parts, callOf(legacy));
  return parts;
}

/** As text, or as the summaries of OpenAI's Responses. */
function reasoningOf(entry: FlatNode): string | undefined {
  const recorded =
    valueAt(entry, 'reasoning') ?? valueAt(entry, 'reasoning_content') ?? valueAt(entry, 'thinking');
  return joinedText(parseJson(recorded));
}

function callOf(call: FlatNode): Array<Record<string, unknown>> {
  const name = textAt(call, 'name');
  return name === undefined ? [] : [{ id: valueAt(call, 'id'), name, arguments: valueAt(call, 'arguments') }];
}
