import { textMessage } from './message.ts';
import type { Recogniser } from './recogniser.ts';
import { isText } from './text-parts.ts';

/** LangWatch's `{type, value}`, where type is `text`, `raw`, `chat_messages`, `json` or `list`. */
export const readTypedValue: Recogniser = (source, reading, into) => {
  const { type, value } = source;
  if (value === undefined || Object.keys(source).length !== 2) return false;
  if (type === 'text' || type === 'raw') {
    if (isText(value)) into.push(textMessage(reading.defaultRole, value));
    return isText(value);
  }
  if (type !== 'chat_messages' && type !== 'json' && type !== 'list') return false;
  return reading.nested(value, into);
};
