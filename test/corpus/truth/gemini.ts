import { type Json, json } from './json.ts';
import { textItem } from './openai.ts';
import { foldReasons, type TruthItem, toUsage } from './truth-call.ts';

/** Gemini's generateContent; a stream is a list of such answers. */
export function readGemini(request: Json, answers: readonly Json[], model: string) {
  const last = answers.findLast((answer) => answer.at('usageMetadata').value !== undefined);
  const usage = (last ?? json(undefined)).at('usageMetadata');
  const candidates = answers.map((answer) => answer.at('candidates', 0));
  const parts = candidates.flatMap((candidate) => candidate.at('content', 'parts').items);
  return {
    requestedModel: model,
    responseModel: last?.at('modelVersion').text,
    responseId: last?.at('responseId').text,
    input: [
      ...request
        .at('systemInstruction', 'parts')
        .items.flatMap((part) => textItem('system', part.at('text').text)),
      ...request.at('contents').items.flatMap((content) => {
        const role = content.at('role').text === 'model' ? 'assistant' : 'user';
        return content.at('parts').items.flatMap((part) => geminiPart(role, part));
      }),
    ],
    output:
      candidates.length === 0 ? [] : [joinTexts(parts.flatMap((part) => geminiPart('assistant', part)))],
    toolNames: request
      .at('tools')
      .items.flatMap((tool) => tool.at('functionDeclarations').items)
      .flatMap((tool) => tool.at('name').text ?? []),
    usage: toUsage({
      input: usage.at('promptTokenCount').number,
      output: usage.at('candidatesTokenCount').number,
      cacheRead: usage.at('cachedContentTokenCount').number,
      reasoning: usage.at('thoughtsTokenCount').number,
      reasoningIsExtra: true,
      raw: usage.value,
    }),
    finishReasons: [
      ...foldReasons(...candidates.map((candidate) => candidate.at('finishReason').value)),
      // Gemini says STOP when it calls a function; several SDKs correct it.
      ...(parts.some((part) => part.at('functionCall').value !== undefined) ? ['tool_calls'] : []),
    ],
    costUsd: undefined,
  };
}

export function readGeminiEmbedding(request: Json, model: string) {
  return {
    requestedModel: model,
    responseModel: undefined,
    responseId: undefined,
    input: request
      .at('requests')
      .items.flatMap((one) => textItem('user', one.at('content', 'parts', 0, 'text').text)),
    output: [],
    toolNames: [],
    usage: toUsage({ raw: undefined }),
    finishReasons: [],
    costUsd: undefined,
  };
}

function geminiPart(role: string, part: Json): TruthItem[] {
  const call = part.at('functionCall');
  if (call.value !== undefined) {
    return [
      {
        type: 'tool_call',
        id: call.at('id').text,
        name: call.at('name').text ?? '',
        args: call.at('args').value,
      },
    ];
  }
  const result = part.at('functionResponse');
  if (result.value !== undefined) {
    return [
      { type: 'tool_result', id: result.at('id').text, text: JSON.stringify(result.at('response').value) },
    ];
  }
  const text = part.at('text').text;
  if (part.at('thought').value === true) return [{ type: 'reasoning', text: text ?? '' }];
  return textItem(role, text);
}

/** A stream brings one text in many pieces. */
function joinTexts(items: readonly TruthItem[]): TruthItem[] {
  const joined: TruthItem[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    if (item.type === 'text' && last?.type === 'text')
      joined[joined.length - 1] = { ...last, text: last.text + item.text };
    else joined.push(item);
  }
  return joined;
}
