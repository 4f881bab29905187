import { describe, expect, it } from 'vitest';
import { toErrorText, toErrorType } from '../../../src/translate/dialects/shared/error-text.ts';

describe('toErrorText', () => {
  it.each<[recorded: unknown, text: string | undefined]>([
    ['Rate limit reached', 'Rate limit reached'],
    ['429', 'HTTP 429'],
    [' 503 ', 'HTTP 503'],
    ['12', '12'],
    ['', undefined],
    ['{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', 'Overloaded'],
    ["{'type': 'error', 'error': {'type': 'overloaded_error', 'message': 'Overloaded'}}", 'Overloaded'],
    ['{"message":"No such model"}', 'No such model'],
    ['{"detail":"Not found"}', 'Not found'],
    ['{"code":7}', '{"code":7}'],
    ['{not a body', '{not a body'],
    ['It broke\nTraceback (most recent call last):\n  File "a.py"', 'It broke'],
    [
      'Traceback (most recent call last):\n  File "a.py"',
      'Traceback (most recent call last):\n  File "a.py"',
    ],
  ])('%j', (recorded, text) => {
    expect(toErrorText(recorded)).toBe(text);
  });
});

describe('toErrorType', () => {
  it.each<[recorded: string, type: string | undefined]>([
    ['RateLimitError', 'RateLimitError'],
    ['*fmt.wrapError', undefined],
    ['*errors.errorString', undefined],
    ['*openai.Error', '*openai.Error'],
    ['429', '429'],
  ])('%s', (recorded, type) => {
    expect(toErrorType(recorded)).toBe(type);
  });
});
