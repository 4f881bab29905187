import type { Message, Part } from '../call/messages.ts';
import { buildMessage, readFinishReason } from './message.ts';
import { isRecord } from './recorded-json.ts';
import { isText, pushText } from './text-parts.ts';
import { toolCall } from './tool-parts.ts';

interface Choice {
  text: string;
  finishReason: string | undefined;
  readonly calls: Map<number, { id: string | undefined; name: string; args: string }>;
}

/**
 * The answers of a stream of OpenAI Chat, one per choice, from its chunks. Of a tool call the first chunk has id and name, the
 * others pieces of its arguments.
 * @param chunks structured, in the order in which they came; others than those of OpenAI Chat are passed over
 */
export function joinStreamDeltas(chunks: readonly unknown[]): readonly Message[] {
  const choices = new Map<number, Choice>();
  for (const chunk of chunks) {
    for (const choice of listIn(chunk, 'choices')) {
      const delta = isRecord(choice) && isRecord(choice.delta) ? choice.delta : undefined;
      if (!isRecord(choice) || delta === undefined) continue;
      const answer = entryAt(choices, indexOf(choice), newChoice);
      if (isText(delta.content)) answer.text += delta.content;
      answer.finishReason = readFinishReason(choice) ?? answer.finishReason;
      for (const piece of listIn(delta, 'tool_calls')) addPiece(answer, piece);
    }
  }
  return [...choices.values()].map(({ text, finishReason, calls }) => {
    const parts: Part[] = [];
    pushText(parts, text);
    for (const { id, name, args } of calls.values()) if (name !== '') parts.push(toolCall(id, name, args));
    return buildMessage('assistant', undefined, finishReason, parts);
  });
}

function addPiece({ calls }: Choice, piece: unknown): void {
  if (!isRecord(piece)) return;
  const call = entryAt(calls, indexOf(piece), () => ({ id: undefined, name: '', args: '' }));
  if (typeof piece.id === 'string') call.id = piece.id;
  const { name, arguments: args } = isRecord(piece.function) ? piece.function : {};
  if (typeof name === 'string') call.name += name;
  if (typeof args === 'string') call.args += args;
}

function newChoice(): Choice {
  return { text: '', finishReason: undefined, calls: new Map() };
}

function indexOf({ index }: Readonly<Record<string, unknown>>): number {
  return typeof index === 'number' ? index : 0;
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = isRecord(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
}

function entryAt<T>(entries: Map<number, T>, index: number, make: () => T): T {
  const entry = entries.get(index) ?? make();
  entries.set(index, entry);
  return entry;
}
