import { describe, expect, it } from 'vitest';
import { toTexts } from '../../../../src/translate/dialects/shared/embeddings.ts';

describe('what was embedded', () => {
  it.each<[string, unknown, unknown]>([
    ['one text', 'red', 'red'],
    ['one JSON text', '"red"', 'red'],
    ['a list of texts', ['red', 'green'], ['red', 'green']],
    ['a JSON list in a text', '["red","green"]', ['red', 'green']],
    ['a list of JSON texts', ['"red"', '"green"'], ['red', 'green']],
    ['texts that look like JSON', ['{"a":1}', '[x'], ['{"a":1}', '[x']],
    ['documents', [{ content: 'red' }, { text: 'green' }], ['red', 'green']],
    ['documents of parts', [{ content: [{ text: 're' }, { text: 'd' }] }], ['red']],
    ['a vector', [0.1, 0.2], undefined],
    ['vectors', [[0.1], [0.2]], undefined],
    ['vectors as JSON texts', ['[0.1,0.2]', '[0.3,0.4]'], undefined],
    ['a vector as JSON text', '[0.1,0.2]', undefined],
    ['a list with anything else', ['red', 1], undefined],
    ['nothing', [], undefined],
    ['no text', 7, undefined],
  ])('%s', (_title, value, expected) => {
    expect(toTexts(value)).toEqual(expected);
  });
});
