import type { InnerCallFacts } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { readMessages } from '../messages/read-messages.ts';
import { withSystem } from '../messages/system-prompt.ts';
import type { FieldReader } from './field-reader.ts';
import { readNumbers } from './read-numbers.ts';

/** What a span around model calls has of them. Read only when one of them lacks something. */
export function readInnerCall(reader: FieldReader): InnerCallFacts {
  const { usage, cost } = readNumbers(reader);
  const asked = said(reader.get('inputMessages')) ?? said(readMessages(reader.get('inputState'), 'user'));
  const system = reader.get('systemInstructions');
  return {
    model: reader.get('responseModel') ?? reader.get('requestModel'),
    usage,
    cost,
    input: system && asked ? withSystem(system, asked) : asked,
    output: said(reader.get('outputMessages')) ?? said(readMessages(reader.get('outputState'), 'assistant')),
    tools: reader.get('toolDefinitions'),
  };
}

/** Words or messages; other data of an agent or a step was not said by anybody. */
function said(list: readonly Message[] | undefined): readonly Message[] | undefined {
  const spoken = list?.filter(({ parts }) => parts.length > 0) ?? [];
  const [only] = spoken;
  const part = spoken.length === 1 && only?.parts.length === 1 ? only.parts[0] : undefined;
  const isData = part?.type === 'other' || (part?.type === 'text' && /^\s*[[{]/.test(part.text));
  return spoken.length > 0 && !isData ? spoken : undefined;
}
