import { describe, expect, it } from 'vitest';
import type { Part } from '../../../src/translate/call/messages.ts';
import { toChatMessages } from '../../../src/translate/event/chat-messages.ts';

describe('toChatMessages', () => {
  it('copes with more answers in one message than a function takes arguments', () => {
    const parts: Part[] = Array.from({ length: 200_000 }, (_, id) => ({
      type: 'tool_result',
      id: String(id),
      result: 'ok',
    }));
    expect(toChatMessages([{ role: 'tool', parts }])).toHaveLength(200_000);
  });
});
