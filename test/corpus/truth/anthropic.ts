import type { Json } from './json.ts';
import { textItem } from './openai.ts';
import { foldReasons, type TruthItem, toUsage } from './truth-call.ts';

/** Anthropic's messages, also as the body of Bedrock's invoke. */
export function readMessages(request: Json, body: Json) {
  const usage = body.at('usage');
  const system = request.at('system');
  return {
    requestedModel: request.at('model').text,
    responseModel: body.at('model').text,
    responseId: body.at('id').text,
    input: [
      ...textItem('system', system.text),
      ...system.items.flatMap((block) => textItem('system', block.at('text').text)),
      ...request.at('messages').items.flatMap((message) => {
        const role = message.at('role').text ?? 'user';
        return [
          ...textItem(role, message.at('content').text),
          ...message.at('content').items.flatMap((block) => contentBlock(role, block)),
        ];
      }),
    ],
    output: body.at('content').value === undefined ? [] : [answer(body.at('content').items)],
    toolNames: request.at('tools').items.flatMap((tool) => tool.at('name').text ?? []),
    usage: toUsage({
      input: usage.at('input_tokens').number,
      output: usage.at('output_tokens').number,
      cacheRead: usage.at('cache_read_input_tokens').number,
      cacheWrite: usage.at('cache_creation_input_tokens').number,
      cacheIsExtra: true,
      raw: usage.value,
    }),
    finishReasons: foldReasons(body.at('stop_reason').value),
    costUsd: undefined,
  };
}

/** Text that is cut into blocks (citations) is one answer. */
function answer(blocks: readonly Json[]): TruthItem[] {
  return blocks.flatMap((block) => contentBlock('assistant', block));
}

function contentBlock(role: string, block: Json): TruthItem[] {
  switch (block.at('type').text) {
    case 'thinking':
      return [{ type: 'reasoning', text: block.at('thinking').text ?? '' }];
    case 'tool_use':
    case 'server_tool_use':
      return [
        {
          type: 'tool_call',
          id: block.at('id').text,
          name: block.at('name').text ?? '',
          args: block.at('input').value,
        },
      ];
    case 'tool_result': {
      const content = block.at('content');
      const text = content.text ?? content.items.map((item) => item.at('text').text ?? '').join('');
      return [{ type: 'tool_result', id: block.at('tool_use_id').text, text }];
    }
    case 'image': {
      const data = block.at('source', 'data').text ?? block.at('source', 'url').text ?? '';
      return [{ type: 'media', data }];
    }
    default:
      return textItem(role, block.at('text').text);
  }
}
