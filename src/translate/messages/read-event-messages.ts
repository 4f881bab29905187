import type { Message } from '../call/messages.ts';
import { VENDOR_RECORDS } from '../span/content-records.ts';
import { neverThrow } from '../span/never-throw.ts';
import type { SpanEventView } from '../span/span-view.ts';
import { readChoice, readMessageEvent, readToolResults } from './event-shapes.ts';
import { onlyText, readFinishReason } from './message.ts';
import { jsonText } from './object-members.ts';
import { readQuotedTexts } from './quoted-texts.ts';
import { readRecorded } from './read-messages.ts';
import { readSystemInstructions } from './read-system-instructions.ts';
import type { JsonObject } from './recogniser.ts';
import { isRecord, parseJson } from './recorded-json.ts';
import { withSystem } from './system-prompt.ts';

/** What went into a model call and what came out, as far as events say. */
export interface EventMessages {
  readonly input: Message[];
  readonly output: Message[];
}

/**
 * Reads the messages of a call from its span events and log records, joined in the order of their times. Known are
 * the events of every generation of the OpenTelemetry conventions; the name may be in the attribute `event.name`.
 * @returns `undefined` when no event carries content
 */
export function readEventMessages(events: readonly SpanEventView[]): EventMessages | undefined {
  return neverThrow(() => {
    const found: Found = { input: [], output: [], lastInput: undefined };
    for (const event of inTimeOrder(events.filter(isConventional)))
      READERS.get(eventName(event))?.(event, found);
    const { input, output } = found;
    return input.length + output.length > 0 ? { input, output } : undefined;
  });
}

/**
 * Reads a list of events that was recorded as one value (Logfire and Pydantic AI, attribute `events`). Where no choice is
 * among them, the assistant's turns at the end are the answer (Logfire for OpenAI Agents).
 * @param value JSON text or a structured list of objects with `event.name`
 */
export function readEventList(value: unknown): EventMessages | undefined {
  return neverThrow(() => {
    const list = parseJson(value);
    if (!Array.isArray(list)) return undefined;
    const found = readEventMessages(
      list.filter(isRecord).map((attributes) => ({ name: '', timeMs: undefined, attributes })),
    );
    if (!found || found.output.length > 0) return found;
    const asked = found.input.findLastIndex(({ role }) => role !== 'assistant') + 1;
    return { input: found.input.slice(0, asked), output: found.input.slice(asked) };
  });
}

/** Why the model stopped, as far as events say; records without content have it too. */
export function readEventFinishReason(events: readonly SpanEventView[]): string | undefined {
  for (const event of events) {
    if (eventName(event) !== 'gen_ai.choice') continue;
    const reason = readFinishReason(fieldsOf(event));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

interface Found extends EventMessages {
  lastInput: unknown;
}

type EventReader = (event: SpanEventView, found: Found) => void;

const READERS: ReadonlyMap<string, EventReader> = new Map([
  ...['system', 'user', 'assistant', 'tool'].map((role): [string, EventReader] => [
    `gen_ai.${role}.message`,
    (event, found) => add(found.input, readMessageEvent(fieldsOf(event), role)),
  ]),
  // Azure AI: the role is in the content.
  ['gen_ai.input.message', (event, found) => add(found.input, readMessageEvent(fieldsOf(event), 'user'))],
  [
    'gen_ai.output.message',
    (event, found) => add(found.output, readMessageEvent(fieldsOf(event), 'assistant')),
  ],
  ['gen_ai.choice', choice],
  ['gen_ai.content.prompt', prompt],
  ['gen_ai.content.completion', completion],
  ['gen_ai.client.inference.operation.details', details],
  ...[...VENDOR_RECORDS].map(([name, { input, output }]): [string, EventReader] => [
    name,
    ({ attributes }, found) => {
      addAll(found.input, input === undefined ? undefined : readRecorded(attributes[input], 'user'));
      addAll(found.output, output === undefined ? undefined : readRecorded(attributes[output], 'assistant'));
    },
  ]),
  ...['chat_model', 'chat_client'].flatMap((of): [string, EventReader][] => [
    [`spring_ai.${of}.prompt`, ({ body }, found) => addAll(found.input, readQuotedTexts(body, 'user'))],
    [
      `spring_ai.${of}.completion`,
      ({ body }, found) => addAll(found.output, readQuotedTexts(body, 'assistant')),
    ],
  ]),
]);

function choice(event: SpanEventView, found: Found): void {
  const fields = fieldsOf(event);
  add(found.output, readChoice(fields));
  add(found.output, readToolResults(fields['tool.result']));
}

/** NeMo Guardrails calls it by what it is. */
function contentOf({ attributes }: SpanEventView, name: string): unknown {
  return attributes[name] ?? attributes.content;
}

function prompt(event: SpanEventView, found: Found): void {
  addAll(found.input, readRecorded(contentOf(event, 'gen_ai.prompt'), 'user'));
}

/** Of a stream, Langtrace for Anthropic writes an event for each chunk, with all that was said until then. */
function completion(event: SpanEventView, found: Found): void {
  const said = readRecorded(contentOf(event, 'gen_ai.completion'), 'assistant');
  const [only] = said ?? [];
  const last = found.output.at(-1);
  const [text, textBefore] = [only && onlyText(only), last && onlyText(last)];
  if (said?.length === 1 && text && textBefore && text.startsWith(textBefore)) found.output.pop();
  addAll(found.output, said);
}

/** One record per call, or one for the input and one per item of the output; some repeat the input in each. */
function details(event: SpanEventView, found: Found): void {
  const body = isRecord(event.body) ? event.body : {};
  const field = (key: string): unknown => event.attributes[key] ?? body[key];
  const asked = field('gen_ai.input.messages');
  const system = readSystemInstructions(field('gen_ai.system_instructions'));
  if (!isSame(asked, found.lastInput)) {
    for (const message of withSystem(system, readRecorded(asked, 'user') ?? [])) found.input.push(message);
    found.lastInput = asked;
  }
  const answered = readRecorded(field('gen_ai.output.messages'), 'assistant');
  for (const message of answered ?? []) found.output.push(message);
}

function isSame(one: unknown, other: unknown): boolean {
  if (one === undefined || one === other) return one !== undefined;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  const text = jsonText(one);
  return text !== undefined && text === jsonText(other);
}

function add(messages: Message[], message: Message | undefined): void {
  if (message !== undefined) messages.push(message);
}

function addAll(messages: Message[], added: readonly Message[] | undefined): void {
  for (const message of added ?? []) messages.push(message);
}

function eventName(event: SpanEventView): string {
  if (READERS.has(event.name)) return event.name;
  const name = event.attributes['event.name'];
  return typeof name === 'string' ? name : event.name;
}

/** Whether the event is one of a convention, whatever it holds. */
export function isConventional(event: SpanEventView): boolean {
  return READERS.has(eventName(event));
}

/** Any of these makes a body that is JSON text the event's fields, and not a message. */
const EVENT_FIELDS = ['role', 'content', 'message', 'tool_calls', 'finish_reason'] as const;

/**
 * The body of a log record, structured or as JSON text (Semantic Kernel), JSON in one attribute (azure-ai-inference), or
 * the attributes.
 */
function fieldsOf(event: SpanEventView): JsonObject {
  const { attributes, body } = event;
  if (isRecord(body) && Object.keys(body).length > 0) return body;
  if (typeof body === 'string' && body !== '') {
    const fields = body.startsWith('{') ? parseJson(body) : undefined;
    return isRecord(fields) && EVENT_FIELDS.some((name) => name in fields) ? fields : { content: body };
  }
  const content = parseJson(attributes['gen_ai.event.content']);
  return isRecord(content) ? content : attributes;
}

/** An event without a time keeps its place behind the one before it. */
function inTimeOrder(events: readonly SpanEventView[]): readonly SpanEventView[] {
  let last = Number.NEGATIVE_INFINITY;
  let isSorted = true;
  const timed = events.map((event) => {
    const timeMs = event.timeMs !== undefined && Number.isFinite(event.timeMs) ? event.timeMs : last;
    isSorted &&= timeMs >= last;
    last = timeMs;
    return { event, timeMs };
  });
  if (isSorted) return events;
  return timed
    .sort((one, other) => (one.timeMs < other.timeMs ? -1 : one.timeMs > other.timeMs ? 1 : 0))
    .map(({ event }) => event);
}
