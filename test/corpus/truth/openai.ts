import { type Json, parse } from './json.ts';
import { foldReasons, type TruthCall, type TruthItem, toUsage } from './truth-call.ts';

type Facts = Pick<
  TruthCall,
  | 'requestedModel'
  | 'responseModel'
  | 'responseId'
  | 'input'
  | 'output'
  | 'toolNames'
  | 'usage'
  | 'finishReasons'
  | 'costUsd'
>;

/** Chat completions, and the legacy completions whose prompt and answer are plain texts. */
export function readChat(request: Json, body: Json): Facts {
  const prompt = request.at('prompt').text;
  const choices = body.at('choices').items;
  return {
    ...common(request, body),
    input: [
      ...(prompt === undefined ? [] : [{ type: 'text', role: 'user', text: prompt } as const]),
      ...request.at('messages').items.flatMap(chatMessage),
    ],
    output: choices.map((choice) => [
      ...textItem('assistant', choice.at('text').text),
      ...chatMessage(choice.at('message')),
    ]),
    usage: readUsage(body.at('usage')),
    finishReasons: foldReasons(...choices.map((choice) => choice.at('finish_reason').value)),
  };
}

export function readResponses(request: Json, body: Json): Facts {
  const instructions = request.at('instructions').text;
  const input = request.at('input');
  const called = body.at('output').items.some((item) => item.at('type').text === 'function_call');
  const reason = body.at('incomplete_details', 'reason').text ?? body.at('status').text;
  return {
    ...common(request, body),
    input: [
      ...textItem('system', instructions),
      ...textItem('user', input.text),
      ...input.items.flatMap(responseItem),
    ],
    output: body.at('output').value === undefined ? [] : [body.at('output').items.flatMap(responseItem)],
    usage: readUsage(body.at('usage')),
    // The API has no finish reason; instrumentations conclude it from the status or from the calls.
    finishReasons: called ? ['tool_calls', 'stop'] : foldReasons(reason),
  };
}

export function readEmbeddings(request: Json, body: Json): Facts {
  const input = request.at('input');
  const texts = input.text === undefined ? input.items.map((item) => item.text) : [input.text];
  return {
    ...common(request, body),
    input: texts.flatMap((text) => textItem('user', text)),
    output: [],
    usage: readUsage(body.at('usage')),
    finishReasons: [],
  };
}

export function readImages(request: Json, body: Json): Facts {
  return {
    ...common(request, body),
    input: textItem('user', request.at('prompt').text),
    output: [
      body.at('data').items.flatMap((item) => {
        const data = item.at('b64_json').text ?? item.at('url').text;
        return data === undefined ? [] : [{ type: 'media', data } as const];
      }),
    ],
    usage: readUsage(body.at('usage')),
    finishReasons: [],
  };
}

function common(request: Json, body: Json) {
  return {
    requestedModel: request.at('model').text,
    responseModel: body.at('model').text,
    responseId: body.at('id').text,
    toolNames: request
      .at('tools')
      .items.flatMap((tool) => tool.at('function', 'name').text ?? tool.at('name').text ?? []),
    costUsd: body.at('usage', 'cost').number,
  };
}

function readUsage(usage: Json) {
  const input = usage.at('prompt_tokens').number ?? usage.at('input_tokens').number;
  const inputDetails = usage.at('prompt_tokens_details').value
    ? usage.at('prompt_tokens_details')
    : usage.at('input_tokens_details');
  const outputDetails = usage.at('completion_tokens_details').value
    ? usage.at('completion_tokens_details')
    : usage.at('output_tokens_details');
  return toUsage({
    input,
    output: usage.at('completion_tokens').number ?? usage.at('output_tokens').number,
    cacheRead: inputDetails.at('cached_tokens').number,
    reasoning: outputDetails.at('reasoning_tokens').number,
    raw: usage.value,
  });
}

function chatMessage(message: Json): TruthItem[] {
  const role = message.at('role').text ?? 'assistant';
  const content = message.at('content');
  if (role === 'tool')
    return [
      { type: 'tool_result', id: message.at('tool_call_id').text, text: content.text ?? partsText(content) },
    ];
  const reasoning = message.at('reasoning').text;
  return [
    ...(reasoning ? [{ type: 'reasoning', text: reasoning } as const] : []),
    ...textItem(role, content.text),
    ...content.items.flatMap((part) => contentPart(role, part)),
    ...message.at('tool_calls').items.map((call) => ({
      type: 'tool_call' as const,
      id: call.at('id').text,
      name: call.at('function', 'name').text ?? '',
      args: parse(call.at('function', 'arguments').text ?? ''),
    })),
  ];
}

function responseItem(item: Json): TruthItem[] {
  switch (item.at('type').text) {
    case 'function_call':
      return [
        {
          type: 'tool_call',
          id: item.at('call_id').text,
          name: item.at('name').text ?? '',
          args: parse(item.at('arguments').text ?? ''),
        },
      ];
    case 'function_call_output':
      return [
        {
          type: 'tool_result',
          id: item.at('call_id').text,
          text: item.at('output').text ?? partsText(item.at('output')),
        },
      ];
    case 'reasoning':
      return item.at('summary').items.flatMap((part) => {
        const text = part.at('text').text;
        return text === undefined ? [] : [{ type: 'reasoning', text } as const];
      });
    case 'web_search_call':
      return [
        { type: 'tool_call', id: item.at('id').text, name: 'web_search', args: item.at('action').value },
      ];
    default: {
      const role = item.at('role').text ?? 'user';
      return [
        ...textItem(role, item.at('content').text),
        ...item.at('content').items.flatMap((part) => contentPart(role, part)),
      ];
    }
  }
}

function contentPart(role: string, part: Json): TruthItem[] {
  const image = part.at('image_url', 'url').text ?? part.at('image_url').text;
  return [
    ...textItem(role, part.at('text').text),
    ...(image === undefined ? [] : [{ type: 'media', data: image } as const]),
  ];
}

function partsText(content: Json): string {
  return content.items.map((part) => part.at('text').text ?? '').join('');
}

export function textItem(role: string, text: string | undefined): TruthItem[] {
  return text ? [{ type: 'text', role, text }] : [];
}
