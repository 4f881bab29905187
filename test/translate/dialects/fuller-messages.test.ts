import { describe, expect, it } from 'vitest';
import type { Message, Part } from '../../../src/translate/call/messages.ts';
import { fullerMessages } from '../../../src/translate/dialects/shared/fuller-messages.ts';
import { isLinear } from '../../support/linear-time.ts';

const text = (words: string): Part => ({ type: 'text', text: words });
const call = (name: string, id?: string): Part => ({
  type: 'tool_call',
  name,
  ...(id === undefined ? {} : { id }),
});
const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const answer = (...parts: Part[]): Message => ({ role: 'assistant', parts });

describe('the fuller of two readings', () => {
  const rows: readonly (readonly [string, readonly Message[], readonly Message[], 'flattened' | 'raw'])[] = [
    ['the same twice', [user(text('hi'))], [user(text('hi'))], 'flattened'],
    [
      'a system prompt more',
      [user(text('hi'))],
      [{ role: 'system', parts: [text('be brief')] }, user(text('hi'))],
      'raw',
    ],
    ['an id more', [answer(call('f'))], [answer(call('f', 'c1'))], 'raw'],
    ['an id less', [answer(call('f', 'c1'))], [answer(call('f'))], 'flattened'],
    ['another tool, with an id', [answer(call('f'))], [answer(call('g', 'c1'))], 'flattened'],
    [
      'more, but another conversation',
      [user(text('hi'))],
      [user(text('hello')), user(text('there'))],
      'flattened',
    ],
    [
      'a result that was lost',
      [user({ type: 'tool_result', id: 'c1', result: undefined })],
      [user({ type: 'tool_result', id: 'c1', result: '18' })],
      'raw',
    ],
    [
      'another result',
      [user({ type: 'tool_result', result: '17' })],
      [user({ type: 'tool_result', id: 'c1', result: '18' })],
      'flattened',
    ],
    [
      'an image instead of a remark that there was one',
      [user({ type: 'other', value: {} })],
      [user({ type: 'media', modality: 'image', source: { kind: 'url', url: 'https://x/y.png' } })],
      'raw',
    ],
    ['reasoning more', [answer(text('4'))], [answer({ type: 'reasoning', text: '2+2' }, text('4'))], 'raw'],
  ];
  it.each(rows)('%s', (_what, flattened, raw, expected) => {
    expect(fullerMessages(flattened, raw)).toBe(expected === 'raw' ? raw : flattened);
  });

  it('one alone', () => {
    const only = [user(text('hi'))];
    expect(fullerMessages(undefined, only)).toBe(only);
    expect(fullerMessages(only, undefined)).toBe(only);
    expect(fullerMessages(undefined, undefined)).toBeUndefined();
  });

  it('long conversations in linear time', () => {
    const work = (length: number) => {
      const turns = Array.from({ length }, (_, index) => user(text(`turn ${index}`)));
      expect(fullerMessages(turns, [answer(text('more')), ...turns])).toHaveLength(length + 1);
    };
    expect(isLinear(work, 5_000)).toBe(true);
  });
});
