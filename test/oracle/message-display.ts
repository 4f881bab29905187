import { type Json, json, parse } from '../corpus/truth/json.ts';

/** A tool call as the page of a generation shows it. */
export interface ShownCall {
  readonly name: string;
  readonly args: unknown;
}

/** What the page shows of `$ai_output_choices`, and which names PostHog counts as called. */
export interface Shown {
  readonly calls: readonly ShownCall[];
  readonly texts: readonly string[];
  /** Messages that no rule knows, which are shown as raw JSON. */
  readonly raw: number;
  readonly countedNames: readonly string[];
}

/** Restated from the rules of PostHog's message pages, in their order. */
export function showMessages(messages: unknown): Shown {
  const shown = { calls: [] as ShownCall[], texts: [] as string[], raw: 0, countedNames: [] as string[] };
  for (const message of json(messages).items) {
    if (!showMessage(message, shown.calls, shown.texts)) shown.raw += 1;
    shown.countedNames.push(...countedNames(message));
  }
  return shown;
}

/** Parts of a content list that is shown as one message; calls are then read from the list alone. */
const LISTED_TYPES = new Set([
  ...['text', 'output_text', 'input_text', 'function', 'image', 'input_image', 'image_url'],
  ...['file', 'audio', 'document'],
]);

function showMessage(message: Json, calls: ShownCall[], texts: string[]): boolean {
  const content = message.at('content');
  const parts = content.items;
  const hasRole = message.at('role').text !== undefined;
  if (!hasRole) return showBlock(message, calls, texts);
  if (parts.length > 0 && parts.every((part) => LISTED_TYPES.has(part.at('type').text ?? ''))) {
    for (const part of parts) showBlock(part, calls, texts);
    return true;
  }
  if (content.text !== undefined || content.value === null) {
    if (content.text) texts.push(content.text);
    for (const call of message.at('tool_calls').items) showFunction(call, calls);
    return true;
  }
  if (parts.length > 0) {
    const known = parts.map((part) => showBlock(part, calls, texts));
    // Blocks are shown one by one, and what stands beside them is not.
    return known.every(Boolean);
  }
  return Array.isArray(content.value);
}

function showBlock(block: Json, calls: ShownCall[], texts: string[]): boolean {
  switch (block.at('type').text) {
    case 'function':
      showFunction(block, calls);
      return true;
    case 'tool_use':
      calls.push({ name: block.at('name').text ?? '', args: block.at('input').value });
      return true;
    case 'text':
    case 'output_text':
    case 'input_text': {
      const text = block.at('text').text ?? block.at('content').text;
      if (text) texts.push(text);
      return true;
    }
    case 'thinking':
    case 'reasoning':
    case 'tool_result':
    case 'image':
    case 'image_url':
    case 'file':
    case 'audio':
    case 'document':
      return true;
    default:
      return false;
  }
}

function showFunction(call: Json, calls: ShownCall[]): void {
  const args = call.at('function', 'arguments');
  calls.push({
    name: call.at('function', 'name').text ?? '',
    args: args.text === undefined ? args.value : (parse(args.text) ?? args.text),
  });
}

/** The names that `$ai_tools_called` is made of. */
function countedNames(message: Json): string[] {
  const listed = message.at('content').items.flatMap((part): string[] => {
    const name = part.at('function', 'name').text ?? part.at('name').text;
    const isCall = ['function', 'tool-call', 'tool_call', 'tool_use'].includes(part.at('type').text ?? '');
    return isCall && name !== undefined ? [name] : [];
  });
  const called = message.at('tool_calls').items.flatMap((call) => call.at('function', 'name').text ?? []);
  return [...called, ...listed];
}
