import { describe, expect, it } from 'vitest';
import { isKnownSetting, knownSettings } from '../../../src/translate/privacy/model-parameters.ts';
import { isMoreThanName } from '../../../src/translate/privacy/quoted-names.ts';
import { singleWord, toolNamesOnly, withoutSpaces } from '../../../src/translate/privacy/reduced-values.ts';
import { eventWith } from './support/calls.ts';

describe('knownSettings', () => {
  it.each<[string, unknown, unknown]>([
    [
      'numbers',
      { temperature: 0.2, top_p: 1, maxOutputTokens: 5, 'top-k': 3 },
      { temperature: 0.2, top_p: 1, maxOutputTokens: 5, 'top-k': 3 },
    ],
    ['numbers as text', { temperature: '0.2', seed: '7' }, { temperature: '0.2', seed: '7' }],
    ['flags', { stream: true, store: 'True' }, { stream: true, store: 'True' }],
    [
      'words',
      { reasoning_effort: 'high', service_tier: 'default', output_type: 'json' },
      { reasoning_effort: 'high', service_tier: 'default', output_type: 'json' },
    ],
    [
      'lists of words',
      { modalities: ['text', 'audio'], encoding_formats: ['float'] },
      { modalities: ['text', 'audio'], encoding_formats: ['float'] },
    ],
    [
      'groups',
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
    ],
    ['stop sequences', { stop: ['END'], stop_sequences: ['x'], n: 1 }, { n: 1 }],
    [
      'schemas',
      { response_format: { type: 'json_schema', json_schema: { name: 'secret' } } },
      { response_format: { type: 'json_schema' } },
    ],
    [
      'a forced tool',
      { tool_choice: { type: 'function', function: { name: 'f' } } },
      { tool_choice: { type: 'function' } },
    ],
    ['users', { user: 'jane', user_id: 12345, metadata: { user_id: 'jane' } }, undefined],
    ['prompt variables', { prompt_variables: { name: 'jane', temperature: 1 } }, undefined],
    ['sentences', { reasoning_effort: 'as high as you can', service_tier: 'a'.repeat(60) }, undefined],
    ['text where a number belongs', { temperature: 'secret', seed: 'jane' }, undefined],
    ['a text setting that is a word', { text: 'secret', audio: 'secret' }, undefined],
    ['deep nesting', { thinking: { thinking: { thinking: { thinking: { type: 'x' } } } } }, undefined],
    ['a list', [1, 2], undefined],
    ['text', 'temperature', undefined],
    ['nothing', null, undefined],
    ['__proto__', JSON.parse('{"__proto__":{"temperature":1}}'), undefined],
  ])('%s', (_name, parameters, kept) => {
    expect(knownSettings(parameters)).toEqual(kept);
  });

  it.each<[string | undefined, string, boolean]>([
    ['service_tier', 'default', true],
    ['serviceTier', 'default', true],
    ['temperature', '0.7', true],
    ['temperature', 'warm', false],
    ['service_tier', 'what the user said', false],
    ['user', 'jane', false],
    [undefined, 'default', false],
  ])('isKnownSetting(%s, %s)', (key, text, isKnown) => {
    expect(isKnownSetting(key, text)).toBe(isKnown);
  });
});

describe('toolNamesOnly', () => {
  it.each<[string, unknown, unknown]>([
    [
      'functions',
      [{ type: 'function', function: { name: 'f', parameters: { a: 1 } } }],
      [{ type: 'function', function: { name: 'f' } }],
    ],
    [
      'provider tools',
      [{ type: 'web_search', name: 'web_search', description: 'x' }],
      [{ type: 'web_search', name: 'web_search' }],
    ],
    [
      'tools without a type',
      [{ name: 'f', input_schema: {} }],
      [{ type: 'function', function: { name: 'f' } }],
    ],
    [
      'a type that is a sentence',
      [{ type: 'not a type', name: 'f' }],
      [{ type: 'function', function: { name: 'f' } }],
    ],
    [
      'names that are none',
      [{ name: 'x'.repeat(300) }, { name: 'two\nlines' }, { name: 1 }, {}, null, 'f'],
      undefined,
    ],
    ['nothing', [], undefined],
    ['text', 'tools', undefined],
  ])('%s', (_name, tools, kept) => {
    expect(toolNamesOnly(tools)).toEqual(kept);
  });
});

describe('singleWord', () => {
  it.each([
    'RateLimitError',
    'openai.BadRequestError',
    'reqwest::Error',
    'RESOURCE_EXHAUSTED',
    '429',
    'a/b-c#D',
    500,
    true,
  ])('%s stays', (word) => expect(singleWord(word)).toBe(word));

  it.each(['two words', 'a\nb', '', 'x'.repeat(121), '你好', null, undefined, {}, ['a']])('%s goes', (word) =>
    expect(singleWord(word)).toBeUndefined(),
  );
});

describe('withoutSpaces', () => {
  it.each([
    'gpt-4o',
    'models/gemini-2.5-flash',
    'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2',
    'ft:gpt-4o-mini:org::id',
    'chatcmpl-a0X+/=~%|',
    'x'.repeat(300),
    7,
  ])('%s stays', (value) => expect(withoutSpaces(value)).toBe(value));

  it.each(['Tesla Model 3', 'because he was ill', 'a\nb', '', 'x'.repeat(301), true, null, ['a'], {}])(
    '%s goes',
    (value) => expect(withoutSpaces(value)).toBeUndefined(),
  );
});

describe('a name', () => {
  const content = 'Please, what is the capital of France? I forgot. Ask the Weather Agent.';
  const isMore = (name: unknown) =>
    isMoreThanName(name, eventWith({ $ai_input: [{ role: 'user', content }] }));

  it.each([
    'chat gpt-4o',
    'POST /api/chat',
    'ai.generateText weather-agent',
    'Weather',
    'v2.1.',
    'to be, or not',
  ])('%s is one', (name) => expect(isMore(name)).toBe(false));

  it.each([
    ['words of the content', 'what is the capital of France'],
    ['words of the content, cut off', 'what is the capital of F…'],
    ['a question', 'How old am I?'],
    ['an exclamation', 'Help me!'],
    ['a text that was cut off', 'Summarise the letter of Mrs…'],
    ['a text that was cut off with dots', 'Summarise the letter of Mrs ...'],
    ['many words', 'one two three four five six seven eight nine ten eleven'],
    ['two lines', 'chat\ngpt-4o'],
    ['a long text', 'x'.repeat(201)],
    ['no text', { name: 'chat' }],
  ])('%s is none', (_what, name) => expect(isMore(name)).toBe(true));
});
