import { isPlaceholder, isRecord, parseJson } from '../../messages/recorded-json.ts';
import { toText } from './values.ts';

/**
 * What was embedded: one text, or a list that holds nothing but texts (also each as JSON text, or as objects with the
 * text in `content` or `text`). Vectors and token numbers are refused.
 */
export function toTexts(value: unknown): string | readonly string[] | undefined {
  const structured = parseJson(value);
  if (typeof structured === 'string') return toText(structured);
  if (!Array.isArray(structured)) return undefined;
  const texts = structured.map(textOf);
  return texts.length > 0 && texts.every((text) => text !== undefined) ? (texts as string[]) : undefined;
}

function textOf(item: unknown): string | undefined {
  const value = typeof item === 'string' ? parseJson(item) : item;
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && typeof value[0] === 'number') return undefined;
  // Text that only looks like JSON, or documents of a reranker.
  if (typeof item === 'string') return isPlaceholder(item) ? undefined : item;
  if (!isRecord(value)) return undefined;
  const { content, text } = value;
  return typeof text === 'string' ? text : typeof content === 'string' ? content : partsText(content);
}

function partsText(parts: unknown): string | undefined {
  if (!Array.isArray(parts)) return undefined;
  const texts = parts.map((part) => (isRecord(part) ? toText(part.text) : undefined));
  return texts.every((text) => text !== undefined) ? texts.join('') : undefined;
}
