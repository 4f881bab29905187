import { at, isRecord, parseJson } from '../../messages/recorded-json.ts';
import { toHttpStatus, toText } from './values.ts';

/** Where the message stands in the bodies of errors, structured or as Python writes them. */
const MESSAGE_PATHS = [['error', 'message'], ['message'], ['detail'], ['error']] as const;

/** Longer texts are no bodies of errors worth decoding. */
const MAX_BODY_LENGTH = 20_000;

const TRACEBACK = 'Traceback (most recent call last)';

/**
 * What an error says, without what surrounds it: the message of a body that is JSON or a Python dict, the text before a
 * stack trace, `HTTP 429` for a bare status.
 */
export function toErrorText(value: unknown): string | undefined {
  const text = toText(value);
  if (text === undefined) return undefined;
  const status = toHttpStatus(text.trim());
  if (status !== undefined) return `HTTP ${status}`;
  const traceback = text.indexOf(TRACEBACK);
  const said = traceback > 0 ? text.slice(0, traceback).trimEnd() : text;
  return messageInBody(said) ?? said;
}

function messageInBody(text: string): string | undefined {
  if (!text.startsWith('{') || text.length > MAX_BODY_LENGTH) return undefined;
  const body = parseJson(text);
  if (!isRecord(body)) return undefined;
  for (const path of MESSAGE_PATHS) {
    const message = at(body, path);
    if (typeof message === 'string' && message !== '') return message;
  }
  return undefined;
}

/** Types of Go that wrap an error and say nothing about it. */
const WRAPPERS = /^\*(?:fmt\.wrapErrors?|errors\.(?:errorString|joinError)|errors\.withStack)$/;

/** The type of an error, unless it is only what wraps one. */
export function toErrorType(value: unknown): string | undefined {
  const type = toText(value);
  return type === undefined || WRAPPERS.test(type) ? undefined : type;
}
