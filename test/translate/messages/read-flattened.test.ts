import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/translate/call/messages.ts';
import { readFlattened } from '../../../src/translate/messages/read-flattened.ts';
import { answer, base64, call, ended, media, other, says, thinks, url } from './support.ts';

type Rows = ReadonlyArray<
  readonly [title: string, attributes: Record<string, unknown>, expected: readonly Message[] | undefined]
>;

const openInference: Rows = [
  ['text', { '0.message.role': 'user', '0.message.content': 'Hi' }, [says('user', 'Hi')]],
  [
    'content parts, whatever the order of the attributes',
    {
      '1.message.role': 'assistant',
      '0.message.contents.10.message_content.text': 'c',
      '0.message.contents.2.message_content.text': 'b',
      '0.message.contents.0.message_content.type': 'text',
      '0.message.contents.0.message_content.text': 'a',
      '0.message.role': 'user',
      '1.message.content': 'Hello',
    },
    [says('user', 'a', 'b', 'c'), says('assistant', 'Hello')],
  ],
  [
    'the same text in both places, once',
    {
      '0.message.role': 'user',
      '0.message.content': 'Hi',
      '0.message.contents.0.message_content.text': 'Hi',
    },
    [says('user', 'Hi')],
  ],
  [
    'images: by URL, bare, without content',
    {
      '0.message.role': 'user',
      '0.message.contents.0.message_content.type': 'image',
      '0.message.contents.0.message_content.image.image.url': 'https://example.com/cat.png',
      '0.message.contents.1.message_content.image': 'data:image/png;base64,aGk=',
      '0.message.contents.2.message_content.type': 'image',
      '0.message.contents.2.message_content.image.media_type': 'image/png',
      '0.message.contents.3.message_content.type': 'file',
      '0.message.contents.3.message_content.image': undefined,
    },
    [
      says(
        'user',
        media('image', url('https://example.com/cat.png')),
        media('image', base64('aGk='), { mimeType: 'image/png' }),
        other({ type: 'image', media_type: 'image/png' }),
        other({ type: 'file' }),
      ),
    ],
  ],
  [
    'a block that has no attributes of its own, as JSON in place of a text; JSON that a user wrote stays text',
    {
      '0.message.role': 'assistant',
      '0.message.contents.0.message_content.type': 'web_search_tool_result',
      '0.message.contents.0.message_content.text':
        '{"type":"web_search_tool_result","tool_use_id":"s1","content":[{"type":"web_search_result","url":"https://example.com"}]}',
      '0.message.contents.1.message_content.type': 'text',
      '0.message.contents.1.message_content.text': '{"type":"text","text":"An example"}',
      '0.message.contents.2.message_content.type': 'web_search_tool_result',
      '0.message.contents.2.message_content.text': '{"type":"web_search_tool_re',
    },
    [
      says(
        'assistant',
        answer('s1', [{ type: 'web_search_result', url: 'https://example.com' }]),
        '{"type":"text","text":"An example"}',
        '{"type":"web_search_tool_re',
      ),
    ],
  ],
  [
    'sound',
    {
      '0.message.role': 'user',
      '0.message.contents.0.message_content.audio.audio.url': 'data:audio/wav;base64,aGk=',
    },
    [says('user', media('audio', base64('aGk='), { mimeType: 'audio/wav' }))],
  ],
  [
    'reasoning, text and a call that is written twice',
    {
      '0.message.role': 'assistant',
      '0.message.contents.0.message_content.type': 'reasoning',
      '0.message.contents.0.message_content.text': 'hm',
      '0.message.contents.1.message_content.type': 'text',
      '0.message.contents.1.message_content.text': 'Let me see.',
      '0.message.contents.2.message_content.type': 'tool_use',
      '0.message.contents.2.tool_call.id': 'c1',
      '0.message.contents.2.tool_call.function.name': 'f',
      '0.message.contents.2.tool_call.function.arguments': '{}',
      '0.message.tool_calls.0.tool_call.id': 'c1',
      '0.message.tool_calls.0.tool_call.function.name': 'f',
      '0.message.tool_calls.0.tool_call.function.arguments': '{}',
    },
    [says('assistant', thinks('hm'), 'Let me see.', call('c1', 'f', '{}'))],
  ],
  [
    'calls and answers',
    {
      '0.message.role': 'assistant',
      '0.message.tool_calls.1.tool_call.function.name': 'g',
      '0.message.tool_calls.0.tool_call.function.name': 'f',
      '0.message.tool_calls.0.tool_call.function.arguments': '{"a":1}',
      '0.message.tool_calls.2.tool_call.function.name': undefined,
      '1.message.role': 'tool',
      '1.message.tool_call_id': 'c1',
      '1.message.name': 'f',
      '1.message.content': 'ok',
      '2.message.role': 'user',
      '2.message.tool_call_id': 'c2',
      '2.message.content': 'ok',
    },
    [
      says('assistant', call(undefined, 'f', '{"a":1}'), call(undefined, 'g')),
      says('tool', answer('c1', 'ok', { name: 'f' })),
      says('user', answer('c2', 'ok')),
    ],
  ],
  [
    'a legacy call',
    {
      '0.message.role': 'assistant',
      '0.message.function_call_name': 'f',
      '0.message.function_call_arguments_json': '{}',
    },
    [says('assistant', call(undefined, 'f', '{}'))],
  ],
  [
    'completion models',
    { '0.prompt.text': 'a', '1.completion.text': 'b' },
    [says('user', 'a'), says('user', 'b')],
  ],
  ['masked content', { '0.message.role': 'user', '0.message.content': '__REDACTED__' }, undefined],
  ['roles alone', { '0.message.role': 'user' }, undefined],
];

const traceloop: Rows = [
  ['text', { '0.role': 'user', '0.content': 'Hi' }, [says('user', 'Hi')]],
  [
    'indexes in numeric order, with gaps',
    {
      '10.role': 'user',
      '10.content': 'c',
      '2.content': 'b',
      '2.role': 'assistant',
      '0.role': 'user',
      '0.content': 'a',
    },
    [says('user', 'a'), says('assistant', 'b'), says('user', 'c')],
  ],
  [
    'content parts as JSON text',
    {
      '0.role': 'user',
      '0.content':
        '[{"type":"text","text":"Hi"},{"type":"image_url","image_url":{"url":"https://example.com/cat.png"}}]',
    },
    [says('user', 'Hi', media('image', url('https://example.com/cat.png')))],
  ],
  [
    'JSON that the user wrote',
    { '0.role': 'user', '0.content': '[{"city":"Paris"}]' },
    [says('user', '[{"city":"Paris"}]')],
  ],
  [
    'content parts that were cut off',
    { '0.role': 'user', '0.content': '[{"type":"text","text":"Hi' },
    [says('user', 'Hi')],
  ],
  [
    'calls, also those that the content repeats',
    {
      '0.role': 'assistant',
      '0.finish_reason': 'tool_calls',
      '0.content': '[{"type":"tool_use","id":"c1","name":"f","input":{}}]',
      '0.tool_calls.0.id': 'c1',
      '0.tool_calls.0.name': 'f',
      '0.tool_calls.0.arguments': '{}',
      '0.tool_calls.1.name': 'g',
      '0.tool_calls.1.arguments': '{"b":2}',
    },
    [ended('tool_calls', says('assistant', call('c1', 'f', {}), call(undefined, 'g', '{"b":2}')))],
  ],
  [
    'content "null" beside a legacy call',
    {
      '0.role': 'assistant',
      '0.content': 'null',
      '0.function_call.name': 'f',
      '0.function_call.arguments': '{}',
    },
    [says('assistant', call(undefined, 'f', '{}'))],
  ],
  [
    'an answer of a tool',
    { '0.role': 'tool', '0.content': '18', '0.tool_call_id': 'c1' },
    [says('tool', answer('c1', '18'))],
  ],
  [
    'the last prompt of Cohere, in a key named after the role',
    {
      '0.role': 'USER',
      '0.content': 'a',
      '1.role': 'CHATBOT',
      '1.content': 'b',
      '2.role': 'user',
      '2.user': 'c',
    },
    [says('user', 'a'), says('assistant', 'b'), says('user', 'c')],
  ],
  ['a legacy prompt, only in a key named after the role', { '0.user': 'Once' }, [says('user', 'Once')]],
  [
    'an answer without a role',
    { '0.content': 'Yes', '0.finish_reason': 'stop' },
    [ended('stop', says('assistant', 'Yes'))],
  ],
  ['nothing', { '0.relevanceScore': 0.9 }, undefined],
];

describe.each([
  ['openinference', openInference],
  ['traceloop', traceloop],
] as const)('readFlattened, %s', (style, rows) => {
  it.each(rows)('%s', (_title, attributes, expected) => {
    expect(readFlattened(Object.entries(attributes), style)).toEqual(expected);
  });

  it.each(rows)('%s, in reverse order of attributes', (_title, attributes, expected) => {
    expect(readFlattened(Object.entries(attributes).reverse(), style)).toEqual(expected);
  });

  it('gives entries without a role the default one', () => {
    const entries = [[style === 'traceloop' ? '0.content' : '0.message.content', 'Hi']] as const;
    expect(readFlattened(entries, style, 'assistant')).toEqual([says('assistant', 'Hi')]);
  });

  it('is not harmed by hostile names', () => {
    const message = style === 'traceloop' ? '' : '.message';
    const entries: Array<[string, unknown]> = [
      [`999999999${message}.role`, 'user'],
      [`999999999${message}.content`, 'last'],
      [`9999999999999999${message}.content`, 'too far'],
      [`-1${message}.content`, 'before'],
      [`1e3${message}.content`, 'odd'],
      [`__proto__${message}.content`, 'x'],
      ['__proto__.polluted', 'x'],
      ['0.__proto__.polluted', 'x'],
      [`0${message}.constructor.prototype.polluted`, 'x'],
      [`0${message}.content`, 'first'],
      [`0${'.x'.repeat(100_000)}`, 'x'],
      ['', 'x'],
      ['.', 'x'],
      [`1${message}.content`, { not: 'text' }],
      [`1${message}.role`, 7],
    ];
    const messages = readFlattened(entries, style);
    expect(messages?.[0]).toEqual(says('user', 'first'));
    expect(messages?.at(-1)).toEqual(says('user', 'last'));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
