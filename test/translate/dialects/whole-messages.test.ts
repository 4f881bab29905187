import { describe, expect, it } from 'vitest';
import { inputOf } from '../../../src/translate/call/llm-call.ts';
import { readParts } from '../../support/dialect-rows.ts';

const TURNS = Array.from({ length: 6 }, (_, index) => ({
  role: index % 2 === 0 ? 'user' : 'assistant',
  content: `turn ${index}`,
}));
const WHOLE = JSON.stringify({ model: 'gpt-4o', messages: TURNS });

/** As flattened under names that begin and end so, of which the SDK kept the first turns. */
function flattened(prefix: string, infix: string, kept: number): Record<string, unknown> {
  return Object.fromEntries(
    TURNS.slice(0, kept).flatMap(({ role, content }, index) => [
      [`${prefix}.${index}.${infix}role`, role],
      [`${prefix}.${index}.${infix}content`, content],
    ]),
  );
}

const COUNTED = { 'gen_ai.usage.input_tokens': 3, 'gen_ai.usage.output_tokens': 2 };

describe('messages that were flattened and cut, and stand whole beside', () => {
  it.each<[string, string, string, Record<string, unknown>]>([
    [
      'OpenInference',
      'llm.input_messages',
      'message.',
      { 'openinference.span.kind': 'LLM', 'input.value': WHOLE },
    ],
    [
      'Eino (APMPlus)',
      'gen_ai.prompt',
      '',
      { 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.prompt': JSON.stringify(TURNS) },
    ],
    [
      'traceAI',
      'gen_ai.input.messages',
      'message.',
      {
        'gen_ai.span.kind': 'LLM',
        'fi.span.kind': 'LLM',
        'gen_ai.request.model': 'gpt-4o',
        'input.value': WHOLE,
      },
    ],
    [
      'an unknown emitter',
      'acme.messages',
      '',
      { 'acme.model': 'gpt-4o', 'acme.request.messages': JSON.stringify(TURNS) },
    ],
  ])('are read whole: %s', (_name, prefix, infix, more) => {
    for (const kept of [2, 6]) {
      const call = readParts({ attributes: { ...COUNTED, ...flattened(prefix, infix, kept), ...more } });
      expect(inputOf(call)?.map(({ parts }) => parts)).toEqual(
        TURNS.map(({ content }) => [{ type: 'text', text: content }]),
      );
    }
  });
});
