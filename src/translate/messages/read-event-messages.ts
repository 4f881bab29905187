import type { Message } from '../call/messages.ts';
import type { SpanEventView } from '../span/span-view.ts';
import { readChoice, readMessageEvent, readToolResults } from './event-shapes.ts';
import { jsonText } from './fields.ts';
import { neverThrow } from './never-throw.ts';
import { readSystemInstructions } from './read-system-instructions.ts';
import { readRecorded } from './read-value.ts';
import type { JsonObject } from './recogniser.ts';
import { isRecord, parseJson } from './recorded-json.ts';
import { withSystem } from './system-prompt.ts';

/** What went into a model call and what came out, as far as events tell. */
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
    for (const event of inTimeOrder(events.filter(isKnown))) READERS.get(eventName(event))?.(event, found);
    const { input, output } = found;
    return input.length + output.length > 0 ? { input, output } : undefined;
  });
}

/**
 * Reads a list of events that was recorded as one value (Logfire and Pydantic AI, attribute `events`).
 * @param value JSON text or a structured list of objects with `event.name`
 */
export function readEventList(value: unknown): EventMessages | undefined {
  return neverThrow(() => {
    const list = parseJson(value);
    if (!Array.isArray(list)) return undefined;
    return readEventMessages(
      list.filter(isRecord).map((attributes) => ({ name: '', timeMs: undefined, attributes })),
    );
  });
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
  ['gen_ai.choice', choice],
  ['gen_ai.content.prompt', prompt],
  ['gen_ai.content.completion', completion],
  ['gen_ai.client.inference.operation.details', details],
]);

function choice(event: SpanEventView, found: Found): void {
  const fields = fieldsOf(event);
  add(found.output, readChoice(fields));
  add(found.output, readToolResults(fields['tool.result']));
}

function prompt(event: SpanEventView, found: Found): void {
  for (const message of readRecorded(event.attributes['gen_ai.prompt'], 'user') ?? [])
    found.input.push(message);
}

function completion(event: SpanEventView, found: Found): void {
  for (const message of readRecorded(event.attributes['gen_ai.completion'], 'assistant') ?? []) {
    found.output.push(message);
  }
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

function eventName(event: SpanEventView): string {
  const name = event.attributes['event.name'];
  return typeof name === 'string' ? name : event.name;
}

function isKnown(event: SpanEventView): boolean {
  return READERS.has(eventName(event));
}

/** The body of a log record, JSON in one attribute (Semantic Kernel, azure-ai-inference), or the attributes. */
function fieldsOf(event: SpanEventView): JsonObject {
  const { attributes, body } = event;
  if (isRecord(body) && Object.keys(body).length > 0) return body;
  if (typeof body === 'string' && body !== '') return { content: body };
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
