import type { RecordedMessage } from '../../json/recorded-message.ts';
import type { MediaPart, Message, Part, TextForm, ToolDefinition } from '../call/messages.ts';
import { recordedArguments, recordedIn } from '../call/recorded-parts.ts';
import { toRecordedChat } from './recorded-chat.ts';

type Json = Record<string, unknown>;

/**
 * Messages in the shapes that PostHog's trace view renders and its tool statistics read: OpenAI chat messages, text as
 * plain string, `tool_calls` on the message, each tool result a `tool` message, reasoning a message of its own before
 * the answer. A `content` key is always there, since PostHog's renderer needs it to know the shape.
 * @param texts `recorded`: nobody looks at texts any more, so that those that were decoded are written as they are, too
 */
export function toChatMessages(
  messages: readonly Message[],
  texts: TextForm = 'decoded',
): (Json | RecordedMessage)[] {
  const recorded = messages.map((message) => toRecordedChat(message, texts));
  if (recorded.every((chat) => chat !== undefined)) return recorded;
  return messages.flatMap<Json | RecordedMessage>((message, index) => {
    const chat = recorded[index];
    return chat ? [chat] : chatOf(message);
  });
}

/** Reasoning and answers of tools become messages of their own. */
function chatOf(message: Message): Json[] {
  const first = message.parts[0];
  if (message.parts.length === 1 && first?.type === 'text') {
    return [withExtras(message, recordedIn(first) ?? first.text, [])];
  }
  const out: Json[] = [];
  let said: Part[] = [];
  const flush = (isLast: boolean) => {
    if (said.length === 0 && !(isLast && out.length === 0)) return;
    out.push(chatMessage(message, said));
    said = [];
  };
  for (const part of message.parts) {
    if (part.type === 'reasoning') {
      flush(false);
      out.push({
        role: message.role,
        content: [{ type: 'thinking', thinking: recordedIn(part) ?? part.text }],
      });
    } else if (part.type === 'tool_result') {
      flush(false);
      out.push(toolResult(part));
    } else {
      said.push(part);
    }
  }
  flush(true);
  const last = out.at(-1);
  if (last && message.finishReason !== undefined) last.finish_reason = message.finishReason;
  return out;
}

function toolResult(part: Extract<Part, { type: 'tool_result' }>): Json {
  return {
    role: 'tool',
    ...(part.id === undefined ? {} : { tool_call_id: part.id }),
    ...(part.name === undefined ? {} : { name: part.name }),
    content: recordedIn(part) ?? asText(part.result),
  };
}

/** Text, tool calls and media of one message; only media make the content a list. */
function chatMessage(message: Message, parts: readonly Part[]): Json {
  const spoken: Part[] = [];
  const toolCalls: Json[] = [];
  let isText = true;
  let refusal: Part | undefined;
  for (const part of parts) {
    if (part.type === 'tool_call') {
      toolCalls.push(toolCall(part));
      continue;
    }
    spoken.push(part);
    if (part.type === 'refusal') refusal ??= part;
    else if (part.type !== 'text') isText = false;
  }
  // PostHog shows calls beside a list of content only where they stand in the list.
  const chat = isText
    ? withExtras(message, joined(message, spoken), toolCalls)
    : withExtras(message, [...spoken.map(contentItem), ...toolCalls], []);
  if (refusal) chat.refusal = textOf(refusal);
  return chat;
}

function toolCall(part: Extract<Part, { type: 'tool_call' }>): Json {
  const { id, name } = part;
  const given = recordedArguments(part) ?? part.arguments;
  // Arguments that were not recorded are not known to be none.
  const called = given === undefined ? { name } : { name, arguments: given };
  return id === undefined
    ? { type: 'function', function: called }
    : { id, type: 'function', function: called };
}

/** One text as it was recorded, or what several say together. */
function joined({ role }: Message, texts: readonly Part[]): unknown {
  const [only] = texts;
  const recorded = only && texts.length === 1 ? recordedIn(only) : undefined;
  return recorded ?? texts.map(textOf).join(separatorOf(role));
}

/** A model's answer is one text cut into blocks (citations); what others say in several parts are separate texts. */
function separatorOf(role: string): string {
  return role === 'assistant' ? '' : '\n\n';
}

function withExtras(message: Message, content: unknown, toolCalls: readonly Json[]): Json {
  const chat: Json = { role: message.role, content };
  if (message.name !== undefined) chat.name = message.name;
  if (toolCalls.length > 0) chat.tool_calls = toolCalls;
  if (message.finishReason !== undefined) chat.finish_reason = message.finishReason;
  return chat;
}

function textOf(part: Part): string {
  return part.type === 'text' || part.type === 'refusal' ? part.text : '';
}

function contentItem(part: Part): Json {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return { type: 'text', text: recordedIn(part) ?? part.text };
    case 'media':
      return mediaItem(part);
    case 'other':
      // An item type the renderer does not know would hide the whole message, so it travels as text.
      return { type: 'text', text: mediaNotice(part.value) ?? asText(part.value) };
    case 'tool_call':
    case 'tool_result':
      return { type: 'text', text: '' };
  }
}

const MEDIA_TYPE = /(?:^|[-_])(image|audio|video|document|file|blob)(?:$|[-_])/;

/**
 * Media of an unknown form, or that were recorded without their content, are said to have been there. With words
 * of its own, it is data of the application.
 */
function mediaNotice(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value) || 'caption' in value)
    return undefined;
  const kind = typeof value.type === 'string' ? MEDIA_TYPE.exec(value.type)?.[1] : undefined;
  return kind === undefined ? undefined : `[${kind === 'blob' ? 'file' : kind}]`;
}

function mediaItem(media: MediaPart): Json {
  const url = mediaUrl(media);
  if (media.modality === 'image') return { type: 'image', image: url };
  if (media.modality === 'audio') {
    return {
      type: 'audio',
      audio: url,
      ...(media.transcript === undefined ? {} : { transcript: media.transcript }),
    };
  }
  const name = media.filename === undefined ? {} : { filename: media.filename };
  return media.source.kind === 'file'
    ? { type: 'file', file: { file_id: media.source.fileId, ...name } }
    : { type: 'file', file: { file_data: url, ...name } };
}

function mediaUrl({ source, mimeType }: MediaPart): string {
  switch (source.kind) {
    case 'url':
      return source.url;
    case 'base64':
      return `data:${mimeType ?? 'application/octet-stream'};base64,${source.data}`;
    case 'file':
      return source.fileId;
  }
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return expandsTooFar(value) ? '' : (JSON.stringify(value) ?? '');
  } catch {
    // Circular, or a `toJSON` that throws: there is no text to show.
    return '';
  }
}

/** Values that a text is made of at most; they fill the largest event that PostHog takes several times over. */
const MAX_TEXT_VALUES = 500_000;

/** Whether an object has more values than a text is made of: some that refer to each other many times never end. */
function expandsTooFar(value: unknown): boolean {
  const rest: unknown[] = [value];
  for (let values = 0; rest.length > 0; values += 1) {
    if (values + rest.length > MAX_TEXT_VALUES) return true;
    const next = rest.pop();
    if (typeof next !== 'object' || next === null) continue;
    for (const member of Object.values(next)) rest.push(member);
  }
  return false;
}

/** Tool definitions in OpenAI's form. */
export function toChatTools(tools: readonly ToolDefinition[]): Json[] {
  return tools.map((tool) => {
    const { name, description, parameters } = tool;
    const type = tool.type ?? 'function';
    const described = {
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
    };
    return type === 'function' ? { type, function: described } : { type, ...described };
  });
}
