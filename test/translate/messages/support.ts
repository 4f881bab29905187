import type {
  MediaPart,
  Message,
  Part,
  ToolCallPart,
  ToolResultPart,
} from '../../../src/translate/call/messages.ts';

/** Title, recorded value, messages expected of it. */
export type Row = readonly [title: string, value: unknown, expected: readonly Message[]];

export function says(role: string, ...contents: ReadonlyArray<string | Part>): Message {
  return {
    role,
    parts: contents.map((content) =>
      typeof content === 'string' ? { type: 'text', text: content } : content,
    ),
  };
}

export function ended(finishReason: string, message: Message): Message {
  return { ...message, finishReason };
}

export function thinks(text: string): Part {
  return { type: 'reasoning', text };
}

export function call(id: string | undefined, name: string, args?: unknown): ToolCallPart {
  return {
    type: 'tool_call',
    ...(id === undefined ? undefined : { id }),
    name,
    ...(args === undefined ? undefined : { arguments: args }),
  };
}

export function answer(
  id: string | undefined,
  result: unknown,
  more: Partial<ToolResultPart> = {},
): ToolResultPart {
  return { type: 'tool_result', ...(id === undefined ? undefined : { id }), result, ...more };
}

export function media(
  modality: MediaPart['modality'],
  source: MediaPart['source'],
  more: Partial<MediaPart> = {},
): MediaPart {
  return { type: 'media', modality, source, ...more };
}

export const url = (address: string): MediaPart['source'] => ({ kind: 'url', url: address });
export const base64 = (data: string): MediaPart['source'] => ({ kind: 'base64', data });
export const file = (fileId: string): MediaPart['source'] => ({ kind: 'file', fileId });
export const other = (value: unknown): Part => ({ type: 'other', value });
