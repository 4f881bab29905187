import { describe, expect, it } from 'vitest';
import { unpackDumpedMessages } from '../../../src/translate/messages/unpack-dumped-messages.ts';
import { answer, call, says } from './support.ts';

describe('unpackDumpedMessages', () => {
  it('unpacks messages that were cut off', () => {
    expect(unpackDumpedMessages([says('user', '[{"role":"user","content":"a')])).toEqual([says('user', 'a')]);
  });

  it('unpacks a whole conversation from the text of one user message', () => {
    const dumped = JSON.stringify([
      { role: 'user', content: 'Weather?' },
      { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: '18' },
    ]);
    expect(unpackDumpedMessages([says('system', 'Be brief.'), says('user', dumped)])).toEqual([
      says('system', 'Be brief.'),
      says('user', 'Weather?'),
      says('assistant', call('c1', 'f', '{}')),
      says('tool', answer('c1', '18')),
    ]);
  });

  it('unpacks content parts in their message', () => {
    const blocks = JSON.stringify([{ type: 'tool-call', toolCallId: 'c1', toolName: 'f', input: {} }]);
    expect(unpackDumpedMessages([{ ...says('assistant', blocks), finishReason: 'stop' }])).toEqual([
      { ...says('assistant', call('c1', 'f', {})), finishReason: 'stop' },
    ]);
  });

  it.each([
    ['plain text', says('user', 'Hi')],
    ['JSON of the user', says('user', '[{"city":"Paris"}]')],
    ['a list with something unknown in it', says('user', '[{"role":"user","content":"a"},{"type":"odd"}]')],
    ['JSON of the model', says('assistant', '[{"role":"user","content":"a"}]')],
    ['several parts', says('user', '[{"role":"user","content":"a"}]', 'b')],
  ])('leaves %s as it is', (_title, message) => {
    expect(unpackDumpedMessages([message])).toEqual([message]);
  });
});
