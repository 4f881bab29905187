import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/translate/call/messages.ts';
import { joinChunks } from '../../../src/translate/messages/join-chunks.ts';

const text = (said: string): Message => ({ role: 'assistant', parts: [{ type: 'text', text: said }] });
const thought: Message = { role: 'assistant', parts: [{ type: 'reasoning', text: 'Hm.' }] };
const call: Message = {
  role: 'assistant',
  parts: [{ type: 'tool_call', name: 'f' }],
  finishReason: 'tool_calls',
};

describe('joinChunks', () => {
  it('makes one answer of them', () => {
    expect(joinChunks([thought, text('Po'), text('ng.'), call, text(' Done')])).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'Hm.' },
          { type: 'text', text: 'Pong.' },
          { type: 'tool_call', name: 'f' },
          { type: 'text', text: ' Done' },
        ],
        finishReason: 'tool_calls',
      },
    ]);
  });

  it('leaves one chunk, or none, alone', () => {
    const one = [text('a')];
    expect(joinChunks(one)).toBe(one);
    expect(joinChunks([])).toEqual([]);
  });
});
