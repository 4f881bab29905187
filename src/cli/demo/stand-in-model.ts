import { setTimeout as sleep } from 'node:timers/promises';
import { TOOL } from './conversation.ts';
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

const ARGUMENTS = { product: 'Ridge rain jacket' };
const TOOL_CALL: ToolCall = {
  id: 'call_stock_1',
  type: 'function',
  function: { name: TOOL, arguments: JSON.stringify(ARGUMENTS) },
};
const ADVICE = 'The Ridge rain jacket: light, waterproof, and three are in stock.';

/** A stand-in for a model's API, in OpenAI's and Anthropic's form: chat with tools, and a model that is always busy. */
export function startStandInModel(): Promise<StandIn> {
  return listen(async ({ url = '' }, body) => {
    await sleep(THINKING_MS);
    const asked = JSON.parse(body.toString('utf8')) as ChatRequest;
    if (asked.model.endsWith('-busy')) return busy(asked.model);
    return { status: 200, body: url.endsWith('/messages') ? message(asked) : completion(asked) };
  });
}

function busy(model: string): Answer {
  const error = { message: `Rate limit reached for ${model}.`, type: 'requests' };
  return { status: 429, body: { type: 'error', error } };
}

/** In OpenAI's form. */
function completion({ model, messages, tools }: ChatRequest): object {
  const wantsTool = tools !== undefined && messages.at(-1)?.role !== 'tool';
  const said: ChatMessage = wantsTool
    ? { role: 'assistant', content: null, tool_calls: [TOOL_CALL] }
    : { role: 'assistant', content: ADVICE };
  const [input, output] = [tokens(messages), tokens(said)];
  return {
    id: 'chatcmpl-demo',
    object: 'chat.completion',
    created: 1_733_000_000,
    model: `${model}-2024-07-18`,
    choices: [{ index: 0, message: said, finish_reason: wantsTool ? 'tool_calls' : 'stop' }],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  };
}

/** In Anthropic's form, where the result of a tool is a part of a user's message. */
function message({ model, messages, tools }: ChatRequest): object {
  const hasResult = JSON.stringify(messages.at(-1)).includes('tool_result');
  const wantsTool = tools !== undefined && !hasResult;
  const content = wantsTool
    ? [{ type: 'tool_use', id: 'toolu_stock_1', name: TOOL, input: ARGUMENTS }]
    : [{ type: 'text', text: ADVICE }];
  return {
    id: 'msg_demo',
    type: 'message',
    role: 'assistant',
    model: `${model}-20250929`,
    content,
    stop_reason: wantsTool ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: tokens(messages), output_tokens: tokens(content) },
  };
}

/** Four characters make a token, roughly. */
function tokens(value: object): number {
  return Math.ceil(JSON.stringify(value).length / 4);
}
