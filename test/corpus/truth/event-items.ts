import { type Json, json, parse } from './json.ts';
import type { TruthItem } from './truth-call.ts';

/** Something said, with the place of its message; text and tool calls of one message have no order. */
export type EventItem = TruthItem & { readonly place: number };

/** Messages of an event, one item per thing said, in order. */
export function readEventItems(messages: unknown): EventItem[] {
  return json(messages).items.flatMap((message, place) =>
    readMessage(message).map((item) => ({ ...item, place })),
  );
}

function readMessage(message: Json): TruthItem[] {
  const role = message.at('role').text ?? '';
  const content = message.at('content');
  if (role === 'tool') {
    return [{ type: 'tool_result', id: message.at('tool_call_id').text, text: content.text ?? '' } as const];
  }
  const parts: TruthItem[] =
    content.text === undefined
      ? content.items.flatMap((part): TruthItem[] => {
          switch (part.at('type').text) {
            case 'thinking':
              return [{ type: 'reasoning', text: part.at('thinking').text ?? '' }];
            case 'image':
              return [{ type: 'media', data: part.at('image').text ?? '' }];
            case 'audio':
              return [{ type: 'media', data: part.at('audio').text ?? '' }];
            case 'file':
              return [
                {
                  type: 'media',
                  data: part.at('file', 'file_data').text ?? part.at('file', 'file_id').text ?? '',
                },
              ];
            default:
              return [{ type: 'text', role, text: part.at('text').text ?? '' }];
          }
        })
      : content.text === ''
        ? []
        : [{ type: 'text', role, text: content.text }];
  const calls = message.at('tool_calls').items.map((call): TruthItem => {
    const args = call.at('function', 'arguments');
    return {
      type: 'tool_call',
      id: call.at('id').text,
      name: call.at('function', 'name').text ?? '',
      args: args.text === undefined ? args.value : (parse(args.text) ?? args.text),
    };
  });
  return [...parts, ...calls];
}
