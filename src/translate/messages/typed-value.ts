import { textMessage } from './message.ts';
import type { Recogniser } from './recogniser.ts';

/** LangWatch's `{type, value}`, where type is `text`, `raw`, `chat_messages`, `json` or `list`. */
export const readTypedValue: Recogniser = (source, reading, into) => {
  const { type, value } = source;
  if (value === undefined || Object.keys(source).length !== 2) return false;
  if (type === 'text' || type === 'raw') {
    if (typeof value === 'string') into.push(textMessage(reading.defaultRole, value));
    return typeof value === 'string';
  }
  if (type !== 'chat_messages' && type !== 'json' && type !== 'list') return false;
  return reading.nested(value, into);
};
