import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLooseLiteral } from '../../../src/translate/messages/loose-literal.ts';
import { parseJson } from '../../../src/translate/messages/recorded-json.ts';

describe("Python's repr", () => {
  it.each([
    [`{'model': 'gpt-4o', 'stream': False, 'n': None}`, { model: 'gpt-4o', stream: false, n: null }],
    [`[{'role': 'user', 'content': "it's here"}]`, [{ role: 'user', content: "it's here" }]],
    [`{'a': 'line\\nnext', 'b': 'it\\'s', 'c': '\\u20ac\\x41'}`, { a: 'line\nnext', b: "it's", c: '€A' }],
    [`('a', 1, 2.5e3, -7,)`.replace('(', '[(').concat(']'), [['a', 1, 2500, -7]]],
    [`{'raw': b'bytes', 1: 'one'}`, { raw: 'bytes', 1: 'one' }],
    [
      `{'choices': [Choice(finish_reason='stop', message=Message(content='Oslo', role='assistant'))]}`,
      { choices: [{ finish_reason: 'stop', message: { content: 'Oslo', role: 'assistant' } }] },
    ],
    [
      `{'reason': <FinishReason.STOP: 'STOP'>, 'tool': <Tool object at 0x7f>}`,
      { reason: 'STOP', tool: null },
    ],
    [`{'at': datetime('2026-01-01')}`, { at: '2026-01-01' }],
  ])('%s', (text, value) => {
    expect(readLooseLiteral(text)).toEqual({ value, isCut: false });
  });
});

describe('cut JSON', () => {
  it.each([
    [
      '[{"role":"user","parts":[{"type":"text","content":"How far is',
      [{ role: 'user', parts: [{ type: 'text', content: 'How far is' }] }],
    ],
    ['[{"role":"user","content":"hi"},{"role":"assis', [{ role: 'user', content: 'hi' }, {}]],
    ['{"input":12,"output":3', { input: 12 }],
    ['{"b":1,"a":tru', { b: 1 }],
    ['{"a":"x\\', { a: 'x' }],
    ['{"a":"x\\u00e', { a: 'x' }],
    ['[{"name":"lookup","desc', [{ name: 'lookup' }]],
    ['{"a":{"b":[1,2', { a: { b: [1] } }],
    ['{"a":"x","model_name":"gpt-4o-mini-20', { a: 'x' }],
    ['{"a":"x","modelVersion":"gemini-2.5-', { a: 'x' }],
    ['{"a":"x","user":{"user_id":"u-1', { a: 'x', user: {} }],
    ['{"a":"x","toolCallId":"call_1', { a: 'x' }],
    ['{"username":"half of a text', { username: 'half of a text' }],
    ['{"a":"whole", ... (truncated)', { a: 'whole' }],
    ["[{'role': 'user', 'content': 'half of", [{ role: 'user', content: 'half of' }]],
  ])('%s', (text, value) => {
    expect(readLooseLiteral(text)).toEqual({ value, isCut: true });
  });

  it('of any JSON, every prefix is read without an invented value', () => {
    const inner = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.array(inner, { minLength: 1, maxLength: 4 }), fc.nat(), (value, at) => {
        const text = JSON.stringify(value);
        const cut = readLooseLiteral(text.slice(0, 1 + (at % text.length)));
        expect(isPartOf(cut?.value, value)).toBe(true);
      }),
    );
  });

  it('a whole text is read as JSON reads it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        const text = JSON.stringify(value);
        // Keys like `__proto__` are own members, as JSON makes them.
        expect(JSON.stringify(readLooseLiteral(text)?.value)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});

/** Whether all that is in `part` is in `whole`, texts maybe shorter. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (part === undefined) return true;
  if (typeof part === 'string') return typeof whole === 'string' && whole.startsWith(part);
  if (Array.isArray(part))
    return Array.isArray(whole) && part.every((item, index) => isPartOf(item, whole[index]));
  if (typeof part === 'object' && part !== null) {
    return Object.entries(part).every(
      ([key, item]) =>
        Object.hasOwn(whole as object, key) && isPartOf(item, (whole as Record<string, unknown>)[key]),
    );
  }
  return part === whole || (part === 0 && whole === 0);
}

describe('texts that are something else', () => {
  it.each([
    '[draft] send the mail',
    '{curly} thing',
    '[1] see the note',
    '{"a":1} and more',
    '[x',
    "{'a'}x",
    '[]]',
  ])('%s stays as it is', (text) => {
    expect(readLooseLiteral(text)).toBeUndefined();
    expect(parseJson(text)).toBe(text);
  });

  it('a cut that left nothing stays text', () => {
    expect(parseJson('[{"')).toBe('[{"');
  });

  it('endless nesting is no literal', () => {
    expect(readLooseLiteral('['.repeat(100_000))).toBeUndefined();
    expect(readLooseLiteral('{"a":'.repeat(100_000))).toBeUndefined();
    expect(readLooseLiteral('A('.repeat(100_000))).toBeUndefined();
  });
});
