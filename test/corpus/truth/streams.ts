import { type Json, json, parse } from './json.ts';

/** Payloads of a server-sent-events text. */
export function readSse(text: string): Json[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => parse(line.slice(5).trim()))
    .filter((payload) => payload !== undefined)
    .map(json);
}

/** Lines of JSON. */
export function readLines(text: string): Json[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => json(parse(line)));
}

/** Messages of an AWS event stream: length of all, length of headers, checksum, headers, payload, checksum. */
export function readEventStream(base64: string): { readonly type: string; readonly payload: Json }[] {
  const bytes = Buffer.from(base64, 'base64');
  const messages = [];
  let at = 0;
  while (at + 16 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const headersEnd = at + 12 + bytes.readUInt32BE(at + 4);
    const type = readEventType(bytes.subarray(at + 12, headersEnd));
    const payload = json(parse(bytes.subarray(headersEnd, at + length - 4).toString('utf8')));
    messages.push({ type, payload });
    at += length;
  }
  return messages;
}

/** Headers: length of the name, name, type (7 is text), two bytes of length, value. */
function readEventType(headers: Buffer): string {
  let at = 0;
  while (at < headers.length) {
    const nameEnd = at + 1 + headers.readUInt8(at);
    const valueStart = nameEnd + 3;
    const valueEnd = valueStart + headers.readUInt16BE(nameEnd + 1);
    const name = headers.subarray(at + 1, nameEnd).toString();
    if (name === ':event-type') return headers.subarray(valueStart, valueEnd).toString();
    at = valueEnd;
  }
  return '';
}

/** Chat completion chunks as one chat completion. */
export function assembleChat(chunks: readonly Json[]): unknown {
  const choices = new Map<number, ChatChoice>();
  let usage: unknown;
  for (const chunk of chunks) {
    usage = chunk.at('usage').value ?? usage;
    for (const piece of chunk.at('choices').items) {
      const index = piece.at('index').number ?? 0;
      const choice = choices.get(index) ?? emptyChoice();
      choices.set(index, choice);
      addToChoice(choice, piece);
    }
  }
  const [first] = chunks;
  return {
    id: first?.at('id').value,
    model: first?.at('model').value,
    usage: usage ?? undefined,
    error: chunks.find((chunk) => chunk.at('error').value !== undefined)?.at('error').value,
    choices: [...choices.values()],
  };
}

interface ChatChoice {
  finish_reason: string | undefined;
  readonly message: {
    readonly role: 'assistant';
    content: string;
    reasoning: string;
    readonly tool_calls: { id: string | undefined; readonly function: { name: string; arguments: string } }[];
  };
}

function emptyChoice(): ChatChoice {
  return {
    finish_reason: undefined,
    message: { role: 'assistant', content: '', reasoning: '', tool_calls: [] },
  };
}

function addToChoice(choice: ChatChoice, piece: Json): void {
  const { message } = choice;
  message.content += piece.at('delta', 'content').text ?? piece.at('text').text ?? '';
  message.reasoning += piece.at('delta', 'reasoning').text ?? '';
  choice.finish_reason = piece.at('finish_reason').text ?? choice.finish_reason;
  for (const call of piece.at('delta', 'tool_calls').items) {
    const index = call.at('index').number ?? message.tool_calls.length;
    message.tool_calls[index] ??= { id: undefined, function: { name: '', arguments: '' } };
    const known = message.tool_calls[index];
    known.id = call.at('id').text ?? known.id;
    known.function.name += call.at('function', 'name').text ?? '';
    known.function.arguments += call.at('function', 'arguments').text ?? '';
  }
}

/** Events of Anthropic's stream as one message. */
export function assembleMessage(events: readonly Json[]): unknown {
  const blocks: Record<string, unknown>[] = [];
  const partial = new Map<number, string>();
  let message: Record<string, unknown> = {};
  for (const event of events) {
    const index = event.at('index').number ?? 0;
    const delta = event.at('delta');
    switch (event.at('type').text) {
      case 'message_start':
        message = { ...(event.at('message').value as object) };
        break;
      case 'content_block_start':
        blocks[index] = { ...(event.at('content_block').value as object) };
        break;
      case 'content_block_delta':
        append(blocks[index], 'text', delta.at('text').text);
        append(blocks[index], 'thinking', delta.at('thinking').text);
        partial.set(index, (partial.get(index) ?? '') + (delta.at('partial_json').text ?? ''));
        break;
      case 'message_delta':
        message['stop_reason'] = delta.at('stop_reason').value;
        message['usage'] = { ...(message['usage'] as object), ...(event.at('usage').value as object) };
        break;
      case 'error':
        message['error'] = event.at('error').value;
        break;
    }
  }
  for (const [index, text] of partial) {
    const block = blocks[index];
    if (block && text !== '') block['input'] = parse(text);
  }
  return { ...message, content: blocks };
}

function append(block: Record<string, unknown> | undefined, key: string, text: string | undefined): void {
  if (block && text !== undefined) block[key] = `${typeof block[key] === 'string' ? block[key] : ''}${text}`;
}

/** Messages of Bedrock's converse stream as one converse answer. */
export function assembleConverse(messages: ReturnType<typeof readEventStream>): unknown {
  const content: Record<string, unknown>[] = [];
  let stopReason: unknown;
  let usage: unknown;
  for (const { type, payload } of messages) {
    const index = payload.at('contentBlockIndex').number ?? 0;
    if (type === 'contentBlockDelta') {
      content[index] ??= {};
      append(content[index], 'text', payload.at('delta', 'text').text);
    }
    stopReason = payload.at('stopReason').value ?? stopReason;
    usage = payload.at('usage').value ?? usage;
  }
  return { output: { message: { role: 'assistant', content } }, stopReason, usage };
}
