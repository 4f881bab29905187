import { describe, expect, it } from 'vitest';
import { toChatMessages } from '../../../src/translate/event/chat-messages.ts';
import { readFlattened } from '../../../src/translate/messages/read-flattened.ts';
import { readMessages } from '../../../src/translate/messages/read-messages.ts';
import { readToolDefinitions } from '../../../src/translate/messages/read-tool-definitions.ts';

function answered(contents: Record<string, unknown>) {
  const entries = Object.entries({ role: 'tool', tool_call_id: 't1', ...contents });
  return readFlattened(
    entries.map(([name, value]) => [`0.message.${name}`, value] as const),
    'openinference',
  );
}

describe('a tool message with several contents', () => {
  it('is one text', () => {
    const read = answered({
      'contents.0.message_content.type': 'text',
      'contents.0.message_content.text': 'Now: 4 C',
      'contents.1.message_content.type': 'text',
      'contents.1.message_content.text': 'Tonight: snow',
    });
    expect(toChatMessages(read ?? [])).toEqual([
      { role: 'tool', tool_call_id: 't1', content: 'Now: 4 C\nTonight: snow' },
    ]);
  });

  it('keeps an image', () => {
    const read = answered({
      'contents.0.message_content.type': 'image',
      'contents.0.message_content.image.image.url': 'https://example.com/shot.png',
    });
    expect(toChatMessages(read ?? [])).toEqual([
      { role: 'tool', tool_call_id: 't1', content: '[media]' },
      { role: 'tool', content: [{ type: 'image', image: 'https://example.com/shot.png' }] },
    ]);
  });
});

describe('tool lists that are no JSON', () => {
  const CUT = '[{"type":"function","name":"lookup","description":"Finds the payroll record of M';

  it.each<[string, unknown, unknown]>([
    ['cut behind a name', CUT, ['lookup']],
    ['cut within a name', '[{"type":"function","name":"look', undefined],
    ['each cut', [CUT.slice(1), '{"type":"function","function":{"name":"sea'], ['lookup']],
    ['words', 'the tools of the payroll', undefined],
    ['broken', '[{"name": lookup, "description": secret}]', undefined],
    ['names', ['lookup', 'mcp__srv__find.it'], ['lookup', 'mcp__srv__find.it']],
  ])('%s', (_title, value, names) => {
    expect(readToolDefinitions(value)?.map(({ name }) => name)).toEqual(names);
  });
});

describe('calls of a model', () => {
  const CALLS = [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }];

  it.each([
    ['as the text of the answer', { role: 'assistant', content: JSON.stringify(CALLS) }],
    [
      "in Haystack's part",
      { role: 'assistant', content: '{"tool_call":{"id":"c1","tool_name":"f","arguments":"{\\"a\\":1}"}}' },
    ],
    [
      'encoded twice',
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: '"{\\"a\\":1}"' }] },
    ],
  ])('%s', (_title, message) => {
    const [read] = readMessages(JSON.stringify([message]), 'assistant') ?? [];
    expect(read?.parts).toEqual([{ type: 'tool_call', id: 'c1', name: 'f', arguments: '{"a":1}' }]);
  });

  it('text that lists something else stays text', () => {
    const text = '[{"type":"function","title":"sine"}]';
    expect(readMessages([{ role: 'assistant', content: text }], 'assistant')?.[0]?.parts).toEqual([
      { type: 'text', text },
    ]);
  });

  it('stand in the list beside typed content, where PostHog shows them', () => {
    const [chat] = toChatMessages([
      {
        role: 'assistant',
        parts: [
          { type: 'text', text: 'See' },
          { type: 'media', modality: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
          { type: 'tool_call', id: 'c1', name: 'f', arguments: '{}' },
        ],
      },
    ]);
    expect(chat).toEqual({
      role: 'assistant',
      content: [
        { type: 'text', text: 'See' },
        { type: 'image', image: 'https://example.com/a.png' },
        { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
      ],
    });
  });

  it('whose arguments were not recorded have none', () => {
    const [chat] = toChatMessages([{ role: 'assistant', parts: [{ type: 'tool_call', name: 'f' }] }]);
    expect(chat).toMatchObject({ tool_calls: [{ type: 'function', function: { name: 'f' } }] });
    expect(JSON.stringify(chat)).not.toContain('arguments');
  });
});

describe('parts without words', () => {
  it.each<[string, unknown, unknown]>([
    ['a blob without content', { type: 'blob' }, [{ type: 'text', text: '[file]' }]],
    ['an image of its own form', { type: 'image-url' }, [{ type: 'text', text: '[image]' }]],
    ['a mark for the cache', { type: 'cachePoint' }, ''],
    ['redacted thinking', { type: 'redacted_thinking', data: 'x' }, ''],
    ['text that was not recorded', { type: 'text' }, ''],
  ])('%s', (_title, part, content) => {
    const read = readMessages(
      [
        { role: 'user', content: [part] },
        { role: 'user', content: 'x' },
      ],
      'user',
    );
    const [chat] = toChatMessages(read ?? []);
    expect(chat).toEqual({ role: 'user', content });
  });
});

describe('roles', () => {
  it.each([
    ['unknown', 'assistant', 'assistant'],
    ['thinking', 'assistant', 'assistant'],
    ['critic', 'assistant', 'critic'],
    ['unknown', 'user', 'user'],
  ])('%s of %s is %s', (word, side, role) => {
    expect(readMessages([{ role: word, content: 'x' }], side)?.[0]?.role).toBe(role);
  });

  it("a user's data with a role is no message", () => {
    const text = '{"role":"admin","content":"may edit","permissions":["read"]}';
    expect(readMessages(text, 'assistant')).toEqual([{ role: 'assistant', parts: [{ type: 'text', text }] }]);
  });
});

describe('structured answers that look like parts', () => {
  it.each([
    { type: 'text', text: 'hello', lang: 'de' },
    [
      { type: 'text', text: 'a', score: 1 },
      { type: 'text', text: 'b', score: 2 },
    ],
    { type: 'tool_use', name: 'hammer', input: 'nail', note: 'n' },
    { type: 'image', url: 'https://example.com/p.png', caption: 'c' },
    { type: 'reasoning', text: 'because', verdict: 'yes' },
  ])('%j keeps its members', (answer) => {
    const text = JSON.stringify(answer);
    expect(readMessages(text, 'assistant')).toEqual([{ role: 'assistant', parts: [{ type: 'text', text }] }]);
  });
});
