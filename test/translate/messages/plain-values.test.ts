import { describe, expect, it } from 'vitest';
import { readMessages } from '../../../src/translate/messages/read-messages.ts';
import { readSystemInstructions } from '../../../src/translate/messages/read-system-instructions.ts';
import { ended, other, says } from './support.ts';

describe('values without content', () => {
  it.each([
    undefined,
    null,
    '',
    '   ',
    ' '.repeat(100),
    'null',
    '[]',
    '{}',
    '""',
    '"  "',
    '__REDACTED__',
    '"__REDACTED__"',
    '["__REDACTED__"]',
    '[""]',
    '[{}]',
    '[[]]',
    '[null]',
    [],
    {},
    [''],
    Number.NaN,
    Symbol('x'),
    () => 'x',
    '[{"role":"user","parts":[]}]',
    '[{"role":"user","content":""},{"role":"assistant","content":null}]',
    '[{"role":"user","content":"__REDACTED__"}]',
    '[{"role":"user","parts":[{"type":"text","content":"__REDACTED__"}]}]',
    '{"messages":[]}',
    '{"choices":[]}',
    '{"object":"response","status":"failed","output":[]}',
  ])('%j is nothing', (value) => {
    expect(readMessages(value, 'user')).toBeUndefined();
    expect(readMessages(value, 'assistant')).toBeUndefined();
  });

  it('an answer without text or calls is nothing', () => {
    expect(readMessages('{"text":"","toolCalls":[]}', 'assistant')).toBeUndefined();
  });
});

describe('values of no known shape', () => {
  it.each([
    ['plain text', 'Hi there', 'Hi there'],
    [
      'text that looks like JSON',
      '[link](https://example.com) and {x}',
      '[link](https://example.com) and {x}',
    ],
    ['messages that were cut off', '[{"parts":[{"type":"text","content":"How f', 'How f'],
    ['text as JSON text', '"Hi \\"there\\""', 'Hi "there"'],
    ['a number', 42, '42'],
    ['a number as text', '42', '42'],
    ['false', false, 'false'],
    ['an object of the application', '{"city":"Paris","n":1}', '{"city":"Paris","n":1}'],
    [
      'people have roles, too',
      '{"role":"geographer","country":"France"}',
      '{"role":"geographer","country":"France"}',
    ],
    ['a list of the application', '[{"a":1},{"b":2}]', '[{"a":1},{"b":2}]'],
    ['numbers', '[1,2,3]', '[1,2,3]'],
    ['text with a space before it', '  Hi', '  Hi'],
  ])('%s is text', (_title, value, text) => {
    expect(readMessages(value, 'user')).toEqual([says('user', text)]);
    expect(readMessages(value, 'assistant')).toEqual([says('assistant', text)]);
  });

  /** Each of these resembles a provider's answer and carries more than that answer could. */
  it.each([
    '{"text":"Hi","score":1}',
    '{"output":"Hi","score":1}',
    '{"prompt":"a cat","style":"oil"}',
    '{"question":"?","choices":[{"text":"a"},{"text":"b"}]}',
    '{"choices":["a","b"]}',
    '{"items":[{"name":"x","content":"y"}],"total":1}',
    '{"results":[{"title":"x"}]}',
    '{"type":"emergency_call","place":"Paris"}',
    '{"type":"final_output","content":"x","n":1}',
    '{"type":"reasoning","steps":[1]}',
    '{"data":{"a":1}}',
    '{"candidates":[{"name":"Ada"}]}',
    '{"message":"Hi","ok":true}',
    '[{"text":"a","score":1}]',
  ])('an answer in JSON stays whole: %s', (value) => {
    expect(readMessages(value, 'assistant')).toEqual([says('assistant', value)]);
  });

  it('keeps a structured value as it is', () => {
    const value = { city: 'Paris' };
    expect(readMessages(value, 'user')).toEqual([says('user', other(value))]);
  });

  it('keeps unknown entries between known ones, in their place', () => {
    const value = [{ role: 'user', content: 'a' }, { odd: 1 }, [7], { role: 'assistant', content: 'b' }];
    expect(readMessages(value, 'user')).toEqual([
      says('user', 'a'),
      says('user', other({ odd: 1 }), other([7])),
      says('assistant', 'b'),
    ]);
  });

  it('keeps unknown content of a message', () => {
    expect(readMessages([{ role: 'user', content: { odd: 1 } }], 'user')).toEqual([
      says('user', other({ odd: 1 })),
    ]);
    expect(readMessages([{ role: 'user', content: 7 }], 'user')).toEqual([says('user', '7')]);
  });

  it('reads recorded output as an answer, recorded input as a request', () => {
    const both = { input: 'Hi', output: 'Hello' };
    expect(readMessages({ ...both, model: 'm' }, 'user')).toEqual([says('user', 'Hi')]);
    const echoed = {
      messages: [{ role: 'user', content: 'Hi' }],
      choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }],
    };
    expect(readMessages(echoed, 'user')).toEqual([says('user', 'Hi')]);
    expect(readMessages(echoed, 'assistant')).toEqual([ended('stop', says('assistant', 'Hello'))]);
  });
});

describe('readSystemInstructions', () => {
  it.each([
    ['parts', '[{"type":"text","content":"a"},{"type":"text","content":"b"}]', says('system', 'a', 'b')],
    ['text', 'Be brief.', says('system', 'Be brief.')],
    ['JSON text', '"Be brief."', says('system', 'Be brief.')],
    ['one part', { type: 'text', content: 'a' }, says('system', 'a')],
    ['content of Gemini', { role: 'user', parts: [{ text: 'a' }] }, says('system', 'a')],
    [
      'messages',
      [
        { role: 'developer', content: 'a' },
        { role: 'system', content: 'b' },
      ],
      says('system', 'a', 'b'),
    ],
    ['texts', ['a', 'b'], says('system', 'a', 'b')],
    ['JSON of the application', '{"rules":["a"]}', says('system', '{"rules":["a"]}')],
    ['nothing', '[]', undefined],
    ['withheld', '__REDACTED__', undefined],
  ])('%s', (_title, value, expected) => {
    expect(readSystemInstructions(value)).toEqual(expected);
  });
});
