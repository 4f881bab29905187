import type { Part } from '../call/messages.ts';
import { readContentParts, readKnownParts } from './read-parts.ts';
import { parseJson } from './recorded-json.ts';

/**
 * Content of emitters that write a list of parts as JSON text where others write text. Text is only taken for such a
 * list when every entry is a part of a known shape, so that JSON which the user wrote stays text.
 */
export function structuredContent(content: unknown): unknown {
  if (typeof content !== 'string' || !content.startsWith('[')) return content;
  const parsed = parseJson(content);
  return Array.isArray(parsed) && readKnownParts(parsed, [], 'loose') ? parsed : content;
}

/** Adds such content to the parts. */
export function readJsonContent(content: unknown, parts: Part[]): void {
  readContentParts(structuredContent(content), parts);
}
