import { describe, expect, it } from 'vitest';
import { readMessages } from '../../../src/translate/messages/read-messages.ts';

const says = (role: string, text: string) => ({ role, parts: [{ type: 'text', text }] });
const turn = { role: 'user', content: 'q' };

describe('what an application hands to its model beside the turns', () => {
  it.each<[title: string, input: Record<string, unknown>, others: Record<string, unknown>]>([
    [
      'documents',
      { messages: [turn], context: ['doc one'], customerTier: 'gold' },
      { context: ['doc one'], customerTier: 'gold' },
    ],
    ['variables', { messages: [[turn]], vars: { topic: 'tea' } }, { vars: { topic: 'tea' } }],
  ])('%s stand before them', (_title, input, others) => {
    expect(readMessages(JSON.stringify(input), 'user')).toEqual([
      says('user', JSON.stringify(others)),
      says('user', 'q'),
    ]);
  });

  it('stands behind the system prompt', () => {
    const input = { system: 'Be brief', messages: [turn], examples: ['ex one'] };
    expect(readMessages(input, 'user')).toEqual([
      says('system', 'Be brief'),
      says('user', '{"examples":["ex one"]}'),
      says('user', 'q'),
    ]);
  });

  it.each<[title: string, input: Record<string, unknown>]>([
    ['parameters of a request', { model: 'm', messages: [turn], anything: 1 }],
    ['parameters without a model', { messages: [turn], temperature: 0, max_tokens: 5, tools: [] }],
    ['headers and keys', { messages: [turn], headers: { authorization: 'x' }, api_key: 'x' }],
    ["a graph's own state", { messages: [turn], is_last_step: false, remaining_steps: 24 }],
  ])('%s are none', (_title, input) => {
    expect(readMessages(input, 'user')).toEqual([says('user', 'q')]);
  });
});

describe('an answer in JSON that only looks like messages stays whole', () => {
  it.each([
    [{ messages: [{ role: 'user', content: 'draft mail' }], subject: 'Hi' }],
    [{ generations: [[{ text: 'g' }]], count: 1 }],
    [{ results: [{ outputText: 'r', extra: 1 }] }],
    [{ role: 'admin', content: 'x', permissions: ['read'] }],
    [{ type: 'image', url: 'https://img.example/p.png', caption: 'c' }],
  ])('%j', (answer) => {
    const text = JSON.stringify(answer);
    expect(readMessages(text, 'assistant')).toEqual([says('assistant', text)]);
  });
});

it('messages in a form with a version are messages', () => {
  const form = {
    version: '0.1.0',
    messages: [{ role: 'assistant', parts: [{ type: 'text', content: 'Pong.' }] }],
  };
  expect(readMessages(JSON.stringify(form), 'assistant')).toEqual([says('assistant', 'Pong.')]);
});

describe('a message that says nothing is left out', () => {
  const kept = says('assistant', 'Let me see.');
  it.each([
    ['a bare role', { role: 'assistant' }],
    ['an empty answer to no call', { role: 'tool', content: '' }],
  ])('%s', (_title, empty) => {
    expect(readMessages([{ role: 'assistant', content: 'Let me see.' }, empty], 'assistant')).toEqual([kept]);
    expect(readMessages([empty], 'assistant')).toBeUndefined();
  });
});

describe('what stands inside a text', () => {
  it('of a request body is the question', () => {
    const body = '{"input":"What is new?","tools":[{"type":"function","name":"search"}]}';
    expect(readMessages(body, 'user')).toEqual([says('user', 'What is new?')]);
  });

  it('of a thought is its summaries', () => {
    const thought = { type: 'reasoning', content: '[{"type":"summary_text","text":"a"},{"text":"b"}]' };
    expect(readMessages([{ role: 'assistant', parts: [thought] }], 'assistant')).toEqual([
      { role: 'assistant', parts: [{ type: 'reasoning', text: 'a\nb' }] },
    ]);
  });
});
