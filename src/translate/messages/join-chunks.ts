import type { Message, Part } from '../call/messages.ts';

/**
 * One answer of the chunks in which it was streamed: texts that follow each other are one text, thoughts likewise.
 * @param chunks in the order in which they came, all of one choice
 */
export function joinChunks(chunks: readonly Message[]): readonly Message[] {
  const [first] = chunks;
  if (first === undefined || chunks.length === 1) return chunks;
  const parts: Part[] = [];
  for (const part of chunks.flatMap((chunk) => chunk.parts)) {
    const last = parts.at(-1);
    const continues =
      last !== undefined && (part.type === 'text' || part.type === 'reasoning') && last.type === part.type;
    if (continues) parts[parts.length - 1] = { type: part.type, text: last.text + part.text };
    else parts.push(part);
  }
  const finishReason = chunks.findLast((chunk) => chunk.finishReason !== undefined)?.finishReason;
  const { role } = first;
  return [finishReason === undefined ? { role, parts } : { role, parts, finishReason }];
}
