import { expect, it } from 'vitest';
import { foldParameterNames } from '../../../src/translate/call/parameter-names.ts';

it.each([
  [
    { maxTokens: 5, topP: 0.5, stopSequences: ['.'] },
    { max_tokens: 5, top_p: 0.5, stop_sequences: ['.'] },
  ],
  [{ max_output_tokens: 5, max_tokens: 6 }, { max_tokens: 6 }],
  [{ max_new_tokens: 5, maxTokenCount: 6 }, { max_tokens: 5 }],
  [
    { max_completion_tokens: 5, n: 2 },
    { max_completion_tokens: 5, n: 2 },
  ],
])('folds %j to %j', (parameters, folded) => {
  expect(foldParameterNames(parameters)).toEqual(folded);
});

it('leaves well-named parameters as they are', () => {
  const parameters = { temperature: 0.2, max_tokens: 5 };
  expect(foldParameterNames(parameters)).toBe(parameters);
  expect(foldParameterNames(undefined)).toBeUndefined();
});

it('keeps names that objects have of themselves harmless', () => {
  const folded = foldParameterNames(JSON.parse('{"constructor":1,"__proto__":{"a":1},"topK":2}'));
  expect(Object.hasOwn(folded ?? {}, 'a')).toBe(false);
  expect(folded).toMatchObject({ top_k: 2 });
});
