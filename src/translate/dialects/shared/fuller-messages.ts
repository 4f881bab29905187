import type { Message, Part } from '../../call/messages.ts';

/**
 * Of two readings of one conversation, the one that holds more. Some instrumentations flatten messages with losses
 * (ids of tool calls, system prompt, results of tools, media) and keep the raw body beside them.
 * @param flattened the reading that takes precedence
 * @param raw reading of the raw body; taken only when it says everything that `flattened` says, and more
 */
export function fullerMessages(
  flattened: readonly Message[] | undefined,
  raw: readonly Message[] | undefined,
): readonly Message[] | undefined {
  if (flattened === undefined || raw === undefined) return flattened ?? raw;
  return weightOf(raw) > weightOf(flattened) && saysAllOf(raw, flattened) ? raw : flattened;
}

function saysAllOf(raw: readonly Message[], flattened: readonly Message[]): boolean {
  const said = new Set(raw.flatMap(({ parts }) => parts.flatMap(wordsOf)));
  return flattened.every(({ parts }) => parts.flatMap(wordsOf).every((words) => said.has(words)));
}

/** Texts and names by which a part is known again; ids and arguments are spelled differently in the two readings. */
function wordsOf(part: Part): readonly string[] {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return [part.text];
    case 'tool_call':
      return [`call ${part.name}`];
    case 'tool_result':
      return typeof part.result === 'string' ? [part.result] : [];
    case 'media':
    case 'other':
      return [];
  }
}

function weightOf(messages: readonly Message[]): number {
  let weight = 0;
  for (const { parts } of messages) {
    for (const part of parts) weight += weightOfPart(part);
  }
  return weight;
}

function weightOfPart(part: Part): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
    case 'other':
      return 1;
    case 'media':
      return 2;
    case 'tool_call':
      return part.id === undefined ? 1 : 2;
    case 'tool_result':
      return 1 + Number(part.id !== undefined) + Number(part.result !== undefined && part.result !== null);
  }
}
