import type { Json } from './json.ts';
import { textItem } from './openai.ts';
import { foldReasons, type TruthItem, toUsage } from './truth-call.ts';

/** Bedrock's converse, and Nova's invoke, which has the same shape. */
export function readConverse(request: Json, body: Json, model: string) {
  const usage = body.at('usage');
  return {
    requestedModel: model,
    responseModel: undefined,
    responseId: undefined,
    input: [
      ...request.at('system').items.flatMap((block) => textItem('system', block.at('text').text)),
      ...request.at('messages').items.flatMap((message) => {
        const role = message.at('role').text ?? 'user';
        return message.at('content').items.flatMap((block) => converseBlock(role, block));
      }),
    ],
    output: body.at('output').value
      ? [body.at('output', 'message', 'content').items.flatMap((block) => converseBlock('assistant', block))]
      : [],
    toolNames: request
      .at('toolConfig', 'tools')
      .items.flatMap((tool) => tool.at('toolSpec', 'name').text ?? []),
    usage: toUsage({
      input: usage.at('inputTokens').number,
      output: usage.at('outputTokens').number,
      cacheRead: usage.at('cacheReadInputTokens').number ?? usage.at('cacheReadInputTokenCount').number,
      cacheWrite: usage.at('cacheWriteInputTokens').number ?? usage.at('cacheWriteInputTokenCount').number,
      cacheIsExtra: true,
      raw: usage.value,
    }),
    finishReasons: foldReasons(body.at('stopReason').value),
    costUsd: undefined,
  };
}

function converseBlock(role: string, block: Json): TruthItem[] {
  const use = block.at('toolUse');
  if (use.value !== undefined) {
    return [
      {
        type: 'tool_call',
        id: use.at('toolUseId').text,
        name: use.at('name').text ?? '',
        args: use.at('input').value,
      },
    ];
  }
  const result = block.at('toolResult');
  if (result.value !== undefined) {
    const text = result
      .at('content')
      .items.map((item) => item.at('text').text ?? JSON.stringify(item.at('json').value))
      .join('');
    return [{ type: 'tool_result', id: result.at('toolUseId').text, text }];
  }
  return textItem(role, block.at('text').text);
}

/** The invoke bodies of Titan and Llama: one prompt, one text. */
export function readTextInvoke(request: Json, body: Json, model: string) {
  const result = body.at('results', 0);
  const prompt = request.at('inputText').text ?? request.at('prompt').text;
  const answer = result.at('outputText').text ?? body.at('generation').text;
  return {
    requestedModel: model,
    responseModel: undefined,
    responseId: undefined,
    input: textItem('user', prompt),
    output: [textItem('assistant', answer)],
    toolNames: [],
    usage: toUsage({
      input: body.at('inputTextTokenCount').number ?? body.at('prompt_token_count').number,
      output: result.at('tokenCount').number ?? body.at('generation_token_count').number,
      raw: body.value,
    }),
    finishReasons: foldReasons(result.at('completionReason').value, body.at('stop_reason').value),
    costUsd: undefined,
  };
}

const COHERE_ROLES: Readonly<Record<string, string>> = {
  USER: 'user',
  CHATBOT: 'assistant',
  SYSTEM: 'system',
};

export function readCohere(request: Json, body: Json) {
  return {
    requestedModel: request.at('model').text,
    responseModel: undefined,
    responseId: body.at('response_id').text,
    input: [
      ...textItem('system', request.at('preamble').text),
      ...request
        .at('chat_history')
        .items.flatMap((message) =>
          textItem(COHERE_ROLES[message.at('role').text ?? ''] ?? 'user', message.at('message').text),
        ),
      ...textItem('user', request.at('message').text),
    ],
    output: [textItem('assistant', body.at('text').text)],
    toolNames: [],
    usage: toUsage({
      input: body.at('meta', 'tokens', 'input_tokens').number,
      output: body.at('meta', 'tokens', 'output_tokens').number,
      raw: body.at('meta').value,
    }),
    finishReasons: foldReasons(body.at('finish_reason').value),
    costUsd: undefined,
  };
}
