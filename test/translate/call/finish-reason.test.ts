import { expect, it } from 'vitest';
import { foldFinishReason } from '../../../src/translate/call/finish-reason.ts';

it.each([
  ['FinishReason.STOP', 'stop'],
  ['FinishReason.MAX_TOKENS', 'length'],
  ['CompletionsFinishReason.TOOL_CALLS', 'tool_calls'],
  ["<FinishReason.STOP: 'STOP'>", 'stop'],
  ['finish_reason_max_tokens', 'length'],
  ['FINISH_REASON_STOP', 'stop'],
  ['tool-call', 'tool_calls'],
  ['toolCalls', 'tool_calls'],
  ['function_calls', 'tool_calls'],
  ['FUNCTION_CALL', 'tool_calls'],
  ['ContentFilter', 'content_filter'],
  ['eos', 'stop'],
  ['model_context_window_exceeded', 'length'],
  ['[stop]', 'stop'],
  ['[tool_calls]', 'tool_calls'],
  ['"stop"', 'stop'],
  ['pause_turn', 'pause_turn'],
  ['unknown', undefined],
  ['FinishReason.UNSPECIFIED', undefined],
  ['Not set', undefined],
  ['', undefined],
])('%s is %s', (word, folded) => {
  expect(foldFinishReason(word)).toBe(folded);
  expect(foldFinishReason(word)).toBe(folded);
});
