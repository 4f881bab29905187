import type { CallKind, LlmCall } from '../call/llm-call.ts';
import type { Message } from '../call/messages.ts';
import { withSystem } from '../messages/system-prompt.ts';
import type { FieldReader } from './field-reader.ts';

/** Model calls have messages or texts; everything else has a state before and after. */
export function readContent(
  reader: FieldReader,
  kind: CallKind,
): Pick<LlmCall, 'input' | 'readInput' | 'output' | 'embeddingInput' | 'inputState' | 'outputState'> {
  if (kind === 'embedding') {
    return { embeddingInput: reader.get('embeddingInput') ?? textsOf(reader.get('inputMessages')) };
  }
  if (kind === 'generation') {
    const { input, readInput } = promptOf(reader);
    return { input, readInput, output: reader.get('outputMessages') };
  }
  const inputState = reader.get('inputState');
  const outputState = reader.get('outputState');
  return {
    inputState,
    outputState,
    ...(inputState === undefined ? promptOf(reader) : {}),
    ...(outputState === undefined ? { output: reader.get('outputMessages') } : {}),
  };
}

/** Read later, where no step but the event looks at texts. */
function promptOf(reader: FieldReader): Pick<LlmCall, 'input' | 'readInput'> {
  const readInput = () => readPrompt(reader);
  return reader.texts === 'recorded' ? { readInput } : { input: readInput() };
}

/** System instructions that stand apart come first, once. */
function readPrompt(reader: FieldReader): readonly Message[] | undefined {
  const input = reader.get('inputMessages');
  const system = reader.get('systemInstructions');
  return system ? withSystem(system, input ?? []) : input;
}

/** A token or embedding vector that stands where text should. */
const VECTOR = /^\s*\[[\s\d.,eE+-]*\]\s*$/;

function textsOf(list: readonly Message[] | undefined): string | readonly string[] | undefined {
  const texts = list?.map(textOf).filter((text) => text !== '' && !VECTOR.test(text));
  return texts && texts.length > 1 ? texts : texts?.[0];
}

function textOf(message: Message): string {
  return message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
