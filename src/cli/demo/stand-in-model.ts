import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, listen, type StandIn } from './listen.ts';

/** How long the pretended model thinks. */
const THINKING_MS = 80;

export interface ChatMessage {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: readonly ToolCall[];
  readonly tool_call_id?: string;
}

export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly object[];
}

const TOOL_CALL: ToolCall = {
  id: 'call_stock_1',
  type: 'function',
  function: { name: 'check_stock', arguments: '{"product":"Ridge rain jacket"}' },
};

/** A stand-in for a model's API, in OpenAI's form: chat with tools, and a model that is always busy. */
export function startStandInModel(): Promise<StandIn> {
  return listen(async (_request, body) => {
    await sleep(THINKING_MS);
    return answer(JSON.parse(body.toString('utf8')) as ChatRequest);
  });
}

function answer({ model, messages, tools }: ChatRequest): Answer {
  if (model.endsWith('-busy')) {
    return {
      status: 429,
      body: { error: { message: `Rate limit reached for ${model}.`, type: 'requests' } },
    };
  }
  const wantsTool = tools !== undefined && messages.at(-1)?.role !== 'tool';
  const message: ChatMessage = wantsTool
    ? { role: 'assistant', content: null, tool_calls: [TOOL_CALL] }
    : { role: 'assistant', content: 'The Ridge rain jacket: light, waterproof, and three are in stock.' };
  const completion = {
    id: 'chatcmpl-demo',
    object: 'chat.completion',
    model: `${model}-2024-07-18`,
    choices: [{ index: 0, message, finish_reason: wantsTool ? 'tool_calls' : 'stop' }],
    usage: { prompt_tokens: tokens(messages), completion_tokens: tokens(message) },
  };
  return { status: 200, body: completion };
}

/** Four characters make a token, roughly. */
function tokens(value: object): number {
  return Math.ceil(JSON.stringify(value).length / 4);
}
