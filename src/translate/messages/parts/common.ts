import { RecordedText } from '../../../json/recorded-text.ts';
import type { Part } from '../../call/messages.ts';
import { firstText, hasOnlyKeys, keySet } from '../object-members.ts';
import type { JsonObject, PartTable } from '../recogniser.ts';
import { isRecord } from '../recorded-json.ts';
import { joinedText, pushReasoning, pushRefusal, pushText } from '../text-parts.ts';

/**
 * Part types that several conventions share, differing only in the name of the field that holds the text.
 */
export const COMMON_PARTS: PartTable = {
  text,
  input_text: text,
  output_text: text,
  reasoning,
  thinking: reasoning,
  // Encrypted by the provider: there is nothing to show.
  redacted_thinking: nothing,
  'redacted-reasoning': nothing,
  // Marks for the provider or the framework, which are no part of the conversation.
  cachePoint: nothing,
  cache_point: nothing,
  cache_breakpoint: nothing,
  agent_config_update: nothing,
  refusal: (source, parts) => {
    const words = firstText(source, ['refusal', 'content', 'text']);
    if (words === undefined) return false;
    pushRefusal(parts, words);
    return true;
  },
};

function nothing(): boolean {
  return true;
}

/** `text` everywhere but in OpenTelemetry (`content`); an object with `value` in OpenAI's Assistants API. */
function text(source: JsonObject, parts: Part[]): boolean {
  const held = source.text ?? source.content;
  if (held instanceof RecordedText) {
    pushText(parts, held);
    return true;
  }
  const words = isRecord(held) ? held.value : held;
  // Content that was not recorded leaves the type alone.
  if (typeof words !== 'string') return hasOnlyKeys(source, EMPTY_TEXT_KEYS);
  pushText(parts, words);
  return true;
}

const EMPTY_TEXT_KEYS = keySet('type id index cache_control annotations metadata');

const REASONING_KEYS = ['content', 'thinking', 'text', 'reasoning', 'summary'];

/** Encrypted or withheld reasoning has one of its fields but no text; nothing of it can be shown. */
function reasoning(source: JsonObject, parts: Part[]): boolean {
  const before = parts.length;
  let known = source.encrypted_content !== undefined || source.signature !== undefined;
  for (const key of REASONING_KEYS) {
    if (source[key] !== undefined) known = true;
    if (parts.length === before) pushReasoning(parts, joinedText(source[key]));
  }
  return known;
}
