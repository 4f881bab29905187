import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/translate/call/messages.ts';
import { readEventList, readEventMessages } from '../../../src/translate/messages/read-event-messages.ts';
import type { SpanEventView } from '../../../src/translate/span/span-view.ts';
import { answer, call, ended, says } from './support.ts';

type Rows = ReadonlyArray<
  readonly [
    title: string,
    events: readonly SpanEventView[],
    input: readonly Message[],
    output: readonly Message[],
  ]
>;

const event = (name: string, attributes: object, timeMs?: number): SpanEventView => ({
  name,
  timeMs,
  attributes: attributes as Record<string, unknown>,
});
const log = (name: string, body: unknown, timeMs?: number): SpanEventView => ({
  name: '',
  timeMs,
  attributes: { 'event.name': name, 'gen_ai.system': 'openai' },
  body,
});
const details = 'gen_ai.client.inference.operation.details';
const asked = [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }];
const answered = (text: string) => [
  { role: 'assistant', parts: [{ type: 'text', content: text }], finish_reason: 'stop' },
];

const rows: Rows = [
  [
    'log records with a body, a whole tool loop',
    [
      log('gen_ai.system.message', { content: 'Be brief.' }, 1),
      log('gen_ai.user.message', { content: 'Weather?' }, 2),
      log(
        'gen_ai.assistant.message',
        { tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
        3,
      ),
      log('gen_ai.tool.message', { id: 'c1', content: '18' }, 4),
      log('gen_ai.choice', { index: 0, finish_reason: 'stop', message: { content: '18 degrees' } }, 5),
      log(
        'gen_ai.choice',
        { index: 1, finish_reason: 'length', message: { role: 'assistant', content: 'Warm' } },
        6,
      ),
    ],
    [
      says('system', 'Be brief.'),
      says('user', 'Weather?'),
      says('assistant', call('c1', 'f', '{}')),
      says('tool', answer('c1', '18')),
    ],
    [ended('stop', says('assistant', '18 degrees')), ended('length', says('assistant', 'Warm'))],
  ],
  [
    'records without captured content',
    [log('gen_ai.user.message', {}), log('gen_ai.choice', { index: 0, finish_reason: 'stop', message: {} })],
    [],
    [],
  ],
  [
    'a call whose arguments were not captured',
    [
      log('gen_ai.choice', {
        finish_reason: 'tool_calls',
        message: { tool_calls: [{ id: 'c1', function: { name: 'f' } }] },
      }),
    ],
    [],
    [ended('tool_calls', says('assistant', call('c1', 'f')))],
  ],
  [
    'span events of Strands: blocks as JSON text',
    [
      event('gen_ai.user.message', { content: '[{"text":"Hi"}]' }),
      event('gen_ai.tool.message', {
        role: 'tool',
        content: '[{"toolResult":{"toolUseId":"c1","content":[{"text":"18"}]}}]',
      }),
      event('gen_ai.choice', {
        finish_reason: 'toolUse',
        message: '[{"toolUse":{"toolUseId":"c2","name":"f","input":{}}}]',
        'tool.result': '[{"toolResult":{"toolUseId":"c2","content":[{"text":"19"}]}}]',
      }),
    ],
    [says('user', 'Hi'), says('tool', answer('c1', '18'))],
    [ended('toolUse', says('assistant', call('c2', 'f', {}))), says('tool', answer('c2', '19'))],
  ],
  [
    'a choice whose message is text',
    [event('gen_ai.choice', { message: 'Yes', finish_reason: 'endTurn' })],
    [],
    [ended('endTurn', says('assistant', 'Yes'))],
  ],
  [
    'a choice whose message is JSON text',
    [event('gen_ai.choice', { message: '{"role":"assistant","content":"Yes"}' })],
    [],
    [says('assistant', 'Yes')],
  ],
  [
    'span events of TanStack AI',
    [
      event('gen_ai.user.message', { content: 'Hi' }),
      event('gen_ai.tool.message', { content: '18', tool_call_id: 'c1' }),
      event('gen_ai.choice', { content: 'Yes' }),
    ],
    [says('user', 'Hi'), says('tool', answer('c1', '18'))],
    [says('assistant', 'Yes')],
  ],
  [
    'one attribute with the body as JSON text (Semantic Kernel)',
    [
      event('gen_ai.user.message', { 'gen_ai.event.content': '{"role":"user","content":"Hi"}' }),
      event('gen_ai.choice', {
        'gen_ai.event.content': '{"message":{"content":"Yes"},"finish_reason":"stop","index":0}',
      }),
    ],
    [says('user', 'Hi')],
    [ended('stop', says('assistant', 'Yes'))],
  ],
  [
    'content events of version 1.27',
    [
      event('gen_ai.content.prompt', { 'gen_ai.prompt': '[{"role":"user","content":"Hi"}]' }),
      event('gen_ai.content.completion', { 'gen_ai.completion': '[{"role":"assistant","content":"Yes"}]' }),
    ],
    [says('user', 'Hi')],
    [says('assistant', 'Yes')],
  ],
  [
    'details in one record, structured',
    [
      event(details, {
        'gen_ai.input.messages': asked,
        'gen_ai.output.messages': answered('Yes'),
        'gen_ai.system_instructions': [{ type: 'text', content: 'Be brief.' }],
      }),
    ],
    [says('system', 'Be brief.'), says('user', 'Hi')],
    [ended('stop', says('assistant', 'Yes'))],
  ],
  [
    'details in a record per step, out of order',
    [
      event(details, { 'gen_ai.output.messages': answered('b') }, 3),
      event(details, { 'gen_ai.input.messages': JSON.stringify(asked) }, 1),
      event(details, { 'gen_ai.output.messages': answered('a') }, 2),
    ],
    [says('user', 'Hi')],
    [ended('stop', says('assistant', 'a')), ended('stop', says('assistant', 'b'))],
  ],
  [
    'details that repeat the input',
    [
      event(details, { 'gen_ai.input.messages': asked }),
      event(details, {
        'gen_ai.input.messages': structuredClone(asked),
        'gen_ai.output.messages': answered('a'),
      }),
    ],
    [says('user', 'Hi')],
    [ended('stop', says('assistant', 'a'))],
  ],
  [
    'details in the body of the record',
    [{ name: details, timeMs: undefined, attributes: {}, body: { 'gen_ai.input.messages': asked } }],
    [says('user', 'Hi')],
    [],
  ],
  ['a text body', [log('gen_ai.user.message', 'Hi')], [says('user', 'Hi')], []],
  [
    'events without a time keep their place',
    [
      event('gen_ai.user.message', { content: 'c' }, 9),
      event('gen_ai.user.message', { content: 'd' }),
      event('gen_ai.user.message', { content: 'a' }, 1),
      event('gen_ai.user.message', { content: 'b' }, Number.NaN),
    ],
    [says('user', 'a'), says('user', 'b'), says('user', 'c'), says('user', 'd')],
    [],
  ],
  [
    'bodies that are JSON text (Semantic Kernel for Python)',
    [
      log('gen_ai.user.message', '{"role": "user", "content": "Hi"}'),
      log(
        'gen_ai.choice',
        '{"message": {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, "finish_reason": "tool_calls"}',
      ),
      log('gen_ai.user.message', '{"city": "Paris"}'),
    ],
    [says('user', 'Hi'), says('user', '{"city": "Paris"}')],
    [ended('tool_calls', says('assistant', call('c1', 'f', '{}')))],
  ],
  ...(['tool_calls', 'toolCalls'] as const).map((key): Rows[number] => [
    `${key} beside a message without content`,
    [
      log('gen_ai.choice', {
        finish_reason: 'tool_calls',
        message: { content: null },
        [key]: [{ id: 'c1', type: 'function', function: { name: 'f' } }],
      }),
    ],
    [],
    [ended('tool_calls', says('assistant', call('c1', 'f')))],
  ]),
  [
    'an event for each chunk of an answer, with all that was said until then',
    ['Par', 'Paris'].map((text) =>
      event('gen_ai.content.completion', {
        'gen_ai.completion': JSON.stringify([{ role: 'assistant', content: text }]),
      }),
    ),
    [],
    [says('assistant', 'Paris')],
  ],
  ...(['qwen-code', 'gemini_cli'] as const).map((vendor): Rows[number] => [
    `request and response of ${vendor}`,
    [
      event(`${vendor}.api_request`, {
        'event.name': `${vendor}.api_request`,
        request_text: '[{"role":"user","parts":[{"text":"Hi"}]}]',
      }),
      event(`${vendor}.api_response`, { response_text: 'Hello' }),
    ],
    [says('user', 'Hi')],
    [says('assistant', 'Hello')],
  ]),
  ...(
    [
      ['["Be brief.", "Hi"]', ['Be brief.', 'Hi']],
      ['["Hi", "null", ""]', ['Hi']],
      ['["the result ({"sky":"sunny"}) is fine"]', ['the result ({"sky":"sunny"}) is fine']],
      ['["say "a", "b" and", "c"]', ['say "a", "b" and", "c']],
      ['["two\nlines"]', ['two\nlines']],
    ] as const
  ).map(([list, texts]): Rows[number] => [
    `texts that were quoted without escaping: ${list}`,
    [
      {
        name: 'spring_ai.chat_model.prompt',
        timeMs: 1,
        attributes: {},
        body: `Chat Model Prompt Content:\n${list}`,
      },
      {
        name: 'spring_ai.chat_model.completion',
        timeMs: 2,
        attributes: {},
        body: `Chat Model Completion:\n${list}`,
      },
    ],
    texts.map((text) => says('user', text)),
    texts.map((text) => says('assistant', text)),
  ]),
  [
    'texts that name their roles',
    [
      {
        name: 'spring_ai.chat_client.prompt',
        timeMs: 1,
        attributes: {},
        body: 'Chat Client Prompt Content:\n["system":"Be brief.", "user":"Hi"]',
      },
    ],
    [says('system', 'Be brief.'), says('user', 'Hi')],
    [],
  ],
];

describe('readEventMessages', () => {
  it.each(rows)('%s', (_title, events, input, output) => {
    const expected = input.length + output.length > 0 ? { input, output } : undefined;
    expect(readEventMessages(events)).toEqual(expected);
  });

  it('passes over other events', () => {
    const others = [
      'exception',
      'ai.stream.firstChunk',
      'gen_ai.evaluation.result',
      '__proto__',
      'constructor',
    ];
    expect(readEventMessages(others.map((name) => event(name, { content: 'x' })))).toBeUndefined();
    expect(readEventMessages([])).toBeUndefined();
  });
});

describe('readEventList', () => {
  const list = [
    { 'event.name': 'gen_ai.system.message', role: 'system', content: 'Be brief.' },
    { 'event.name': 'gen_ai.user.message', role: 'user', content: [{ kind: 'text', text: 'Hi' }] },
    { 'event.name': 'gen_ai.tool.message', role: 'tool', id: 'c1', name: 'f', content: 18 },
    { 'event.name': 'gen_ai.choice', index: 0, message: { role: 'assistant', content: 'Yes' } },
  ];
  const expected = {
    input: [says('system', 'Be brief.'), says('user', 'Hi'), says('tool', answer('c1', 18, { name: 'f' }))],
    output: [says('assistant', 'Yes')],
  };

  it.each([
    ['structured', list],
    ['as JSON text', JSON.stringify(list)],
    ['among other values', [null, 7, ...list, { 'event.name': 'else' }, {}]],
  ])('%s', (_title, value) => {
    expect(readEventList(value)).toEqual(expected);
  });

  it.each(['', '[]', 'text', '{"a":1}', undefined, [[]]])('%j is nothing', (value) => {
    expect(readEventList(value)).toBeUndefined();
  });
});
