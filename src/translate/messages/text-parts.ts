import { RecordedText } from '../../json/recorded-text.ts';
import type { Part } from '../call/messages.ts';
import { RecordedTextPart } from '../call/recorded-parts.ts';
import { isRecord, parseJson } from './recorded-json.ts';

/** What OpenInference writes in place of content that was masked at the source. */
const REDACTED = '__REDACTED__';

/** A class and not a literal: see `retained`. */
class TextPart {
  readonly type = 'text';
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A text, also one that stands where it was recorded. */
export function isText(value: unknown): value is string | RecordedText {
  return typeof value === 'string' || value instanceof RecordedText;
}

export function pushText(parts: Part[], text: string | RecordedText): void {
  if (text instanceof RecordedText) parts.push(new RecordedTextPart('text', text));
  else if (text !== '' && text !== REDACTED) parts.push(new TextPart(text));
}

export function pushReasoning(parts: Part[], text: string | undefined): void {
  if (text === undefined || text === '' || text === REDACTED) return;
  parts.push({ type: 'reasoning', text: summariesIn(text) ?? text });
}

/** Some write the list of OpenAI's summaries as the text. */
function summariesIn(text: string): string | undefined {
  return text.startsWith('[{') ? joinedText(parseJson(text)) : undefined;
}

export function pushRefusal(parts: Part[], text: string): void {
  if (text !== '' && text !== REDACTED) parts.push({ type: 'refusal', text });
}

/**
 * The text of a string or of a list of text blocks (`{text}`, `{type: 'text', text}`, …), joined by line breaks.
 * @returns `undefined` when anything but text is in the list
 */
export function joinedText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof RecordedText) return value.text;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const texts: string[] = [];
  for (const block of value) {
    const text = isRecord(block) && isTextType(block.type) ? block.text : block;
    if (!isText(text)) return undefined;
    texts.push(typeof text === 'string' ? text : text.text);
  }
  return texts.length === 1 ? texts[0] : texts.join('\n');
}

const TEXT_TYPES: ReadonlySet<unknown> = new Set([
  undefined,
  'text',
  'input_text',
  'output_text',
  'summary_text',
  'reasoning_text',
  'reasoning',
]);

function isTextType(type: unknown): boolean {
  return TEXT_TYPES.has(type);
}
