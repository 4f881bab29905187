/** A message of a chat, for reading. */
export interface ShownMessage {
  readonly role: string;
  readonly parts: readonly ShownPart[];
}

export type ShownPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string }
  | { readonly type: 'tool call'; readonly name: string; readonly input: unknown }
  /** Media, or a part of a form that is not known here; shown as JSON. */
  | { readonly type: 'other'; readonly label: string; readonly value: unknown };

type Json = Readonly<Record<string, unknown>>;

/** Messages of `$ai_input` and `$ai_output_choices`; a text alone is one message. */
export function readMessages(value: unknown, defaultRole: string): readonly ShownMessage[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((item) => readMessage(item, defaultRole));
}

function readMessage(value: unknown, defaultRole: string): ShownMessage {
  const message = asRecord(value);
  if (!message) return { role: defaultRole, parts: [textPart(value)] };
  const role = typeof message.role === 'string' ? message.role : defaultRole;
  const content = 'content' in message ? message.content : undefined;
  const parts = [...partsOf(content), ...toolCallsOf(message.tool_calls)];
  if (parts.length > 0) return { role, parts };
  return {
    role,
    parts: 'content' in message ? [] : [{ type: 'other', label: 'message', value: message }],
  };
}

function partsOf(content: unknown): readonly ShownPart[] {
  if (content === undefined || content === null || content === '') return [];
  if (!Array.isArray(content)) return [textPart(content)];
  return content.map(readPart);
}

function textPart(value: unknown): ShownPart {
  return { type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value, undefined, 2) };
}

function readPart(value: unknown): ShownPart {
  const part = asRecord(value);
  if (!part) return textPart(value);
  if (typeof part.thinking === 'string') return { type: 'thinking', text: part.thinking };
  if (typeof part.text === 'string') return { type: 'text', text: part.text };
  const call = toolCallOf(part);
  if (call) return call;
  return { type: 'other', label: typeof part.type === 'string' ? part.type : 'part', value: part };
}

function toolCallsOf(value: unknown): readonly ShownPart[] {
  return (Array.isArray(value) ? value : []).map(
    (item) => toolCallOf(asRecord(item)) ?? { type: 'other', label: 'tool call', value: item },
  );
}

/** OpenAI's form, `{ function: { name, arguments } }`, and Anthropic's, `{ type: 'tool_use', name, input }`. */
function toolCallOf(value: Json | undefined): ShownPart | undefined {
  const called = asRecord(value?.function) ?? (value?.type === 'tool_use' ? value : undefined);
  if (typeof called?.name !== 'string') return undefined;
  return { type: 'tool call', name: called.name, input: parsed(called.arguments ?? called.input) };
}

/** Arguments are a text of JSON, mostly. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function asRecord(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}
