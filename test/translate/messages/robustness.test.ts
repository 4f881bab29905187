import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/translate/call/messages.ts';
import { readEventList, readEventMessages } from '../../../src/translate/messages/read-event-messages.ts';
import { readFlattened } from '../../../src/translate/messages/read-flattened.ts';
import { readMessages, readRecorded } from '../../../src/translate/messages/read-messages.ts';
import { readSystemInstructions } from '../../../src/translate/messages/read-system-instructions.ts';
import { readToolDefinitions } from '../../../src/translate/messages/read-tool-definitions.ts';
import { leastCpuMs } from '../../support/thread-cpu.ts';
import { says } from './support.ts';

/** Words that steer the readers, so that random objects get past the first check. */
const KEYS = [
  ...[
    'role',
    'type',
    'content',
    'parts',
    'text',
    'messages',
    'contents',
    'choices',
    'message',
    'output',
    'input',
  ],
  ...[
    'candidates',
    'generations',
    'tool_calls',
    'function',
    'name',
    'arguments',
    'id',
    'call_id',
    'kwargs',
    'lc',
  ],
  ...[
    'system',
    'prompt',
    'value',
    'data',
    'source',
    'url',
    'image_url',
    'file',
    'toolUse',
    'toolResult',
    'items',
  ],
  ...[
    'functionCall',
    'inlineData',
    'reasoning',
    'summary',
    'results',
    'finish_reason',
    'tools',
    'event.name',
  ],
  ...['__proto__', 'constructor', 'toString', 'length', '0'],
];
const WORDS = [
  ...['user', 'assistant', 'tool', 'model', 'text', 'tool_call', 'tool_result', 'image', 'file', 'reasoning'],
  ...[
    'function_call',
    'function_call_output',
    'web_search_call',
    'message',
    'human',
    'ai',
    'constructor',
    'json',
  ],
  ...['gen_ai.user.message', 'gen_ai.choice', '', '\ud800', '[', '{"a":1}', '__REDACTED__', '[{"text":"x"}]'],
];

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.constantFrom<unknown>(...WORDS, null, true, 0, -1, 1e300),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

const isMessages = (messages: readonly Message[] | undefined): boolean =>
  messages === undefined ||
  (messages.length > 0 &&
    messages.every(
      ({ role, parts }) => typeof role === 'string' && parts.every((part) => typeof part.type === 'string'),
    ));

describe('any value', () => {
  it('JSON never makes a reader throw, with or without its safety net', () => {
    fc.assert(
      fc.property(json, fc.constantFrom('user', 'assistant', 'system'), (value, role) => {
        expect(isMessages(readRecorded(value, role))).toBe(true);
        expect(isMessages(readRecorded(JSON.stringify(value), role))).toBe(true);
        expect(readMessages(value, role)).toEqual(readRecorded(value, role));
        readSystemInstructions(value);
        readToolDefinitions(value);
        readEventList(value);
      }),
      { numRuns: 600 },
    );
  });

  it('text that is not JSON comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => /^[^\s[{"]/.test(text)),
        (text) => {
          fc.pre(!['null', 'undefined', '__REDACTED__'].includes(text.trim()));
          expect(readMessages(text, 'user')).toEqual([says('user', text)]);
        },
      ),
    );
  });

  it('events never throw', () => {
    const events = fc.array(
      fc.record({
        name: fc.constantFrom(
          'gen_ai.choice',
          'gen_ai.user.message',
          'gen_ai.client.inference.operation.details',
          'x',
        ),
        timeMs: fc.option(fc.double(), { nil: undefined }),
        attributes: fc.dictionary(fc.constantFrom(...KEYS, 'gen_ai.input.messages', 'tool.result'), json),
        body: json,
      }),
    );
    fc.assert(
      fc.property(events, (list) => {
        const found = readEventMessages(list);
        expect(isMessages(found?.input.length ? found.input : undefined)).toBe(true);
      }),
    );
  });

  it('flattened attributes never throw', () => {
    const segment = fc.constantFrom(
      '0',
      '1',
      '007',
      '-1',
      '1e9',
      'message',
      'content',
      'contents',
      'role',
      'tool_calls',
      'tool_call',
      'function',
      'name',
      '__proto__',
      '',
    );
    const suffix = fc.array(segment, { maxLength: 7 }).map((segments) => segments.join('.'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(suffix, json)),
        fc.constantFrom('openinference', 'traceloop'),
        (entries, style) => {
          expect(isMessages(readFlattened(entries, style as 'openinference' | 'traceloop'))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps the order of messages and of their texts', () => {
    const said = fc.array(
      fc.tuple(
        fc.constantFrom('user', 'assistant'),
        fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 3 }),
      ),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(said, fc.constantFrom('otel', 'openai', 'gemini', 'langchain'), (turns, form) => {
        const recorded = turns.map(([role, texts]) => FORMS[form](role, texts));
        expect(readMessages(JSON.stringify(recorded), 'user')).toEqual(
          turns.map(([role, texts]) => says(role, ...texts)),
        );
      }),
    );
  });

  it('orders flattened messages by index, however they arrive', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(999_999_999), { minLength: 1, maxLength: 20 }), (indexes) => {
        const entries = indexes.map((index) => [`${index}.content`, `n${index}`] as const);
        const expected = [...indexes]
          .sort((one, next) => one - next)
          .map((index) => says('user', `n${index}`));
        expect(readFlattened(entries, 'traceloop')).toEqual(expected);
      }),
    );
  });
});

const FORMS = {
  otel: (role: string, texts: readonly string[]) => ({
    role,
    parts: texts.map((content) => ({ type: 'text', content })),
  }),
  openai: (role: string, texts: readonly string[]) => ({
    role,
    content: texts.map((text) => ({ type: 'text', text })),
  }),
  gemini: (role: string, texts: readonly string[]) => ({
    role: role === 'user' ? 'user' : 'model',
    parts: texts.map((text) => ({ text })),
  }),
  langchain: (role: string, texts: readonly string[]) => ({
    lc: 1,
    type: 'constructor',
    id: ['langchain_core', 'messages', role === 'user' ? 'HumanMessage' : 'AIMessage'],
    kwargs: { content: texts.map((text) => ({ type: 'text', text })) },
  }),
};

describe('hostile values', () => {
  const huge = 'a'.repeat(10_000_000);
  const deep = (open: string, close: string, depth: number) => `${open.repeat(depth)}${close.repeat(depth)}`;
  const cyclicList: unknown[] = [];
  for (let index = 0; index < 1000; index++) cyclicList.push(cyclicList);
  const cyclicBody: Record<string, unknown> = { role: 'user' };
  cyclicBody.messages = [cyclicBody, cyclicBody];
  cyclicBody.content = [cyclicBody];
  const bytes = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [index, index & 255]));

  it.each<[title: string, value: unknown]>([
    ['10 MB of text', huge],
    ['10 MB of white space', ' '.repeat(10_000_000)],
    ['10 MB of messages that were cut off', `[{"role":"user","content":"${huge}`],
    ['10 MB in one message', [{ role: 'user', content: huge }]],
    ['lists 200,000 deep', deep('[', ']', 200_000)],
    ['bodies 20,000 deep', deep('{"messages":[', ']}', 20_000)],
    ['LangChain prompts 20,000 deep', deep('{"id":["x"],"kwargs":{"messages":[', ']}}', 20_000)],
    ['a list that holds itself a thousand times', cyclicList],
    ['a message that holds itself', cyclicBody],
    [
      'bytes as an object',
      [{ role: 'user', content: [{ type: 'file', mediaType: 'image/png', data: bytes }] }],
    ],
    ['200,000 messages', Array.from({ length: 200_000 }, () => ({ role: 'user', content: 'x' }))],
    [
      '50,000 calls twice',
      [
        {
          role: 'assistant',
          tool_calls: Array.from({ length: 50_000 }, (_, index) => ({ id: `c${index}`, name: 'f' })),
          parts: Array.from({ length: 50_000 }, (_, index) => ({
            type: 'tool_call',
            id: `c${index}`,
            name: 'f',
          })),
        },
      ],
    ],
    ['a lone surrogate', [{ role: '\ud800', content: '\udfff' }]],
  ])('%s is read in time', (_title, value) => {
    const ms = leastCpuMs(() => [readRecorded(value, 'user'), readRecorded(value, 'assistant')], 1);
    // The slowest takes a tenth of this on a slow machine; anything but linear takes minutes.
    expect(ms).toBeLessThan(5_000);
  });

  it('keeps text of any length and every character', () => {
    expect(readMessages([{ role: 'user', content: huge }], 'user')).toEqual([says('user', huge)]);
    expect(readMessages([{ role: 'user', content: '\udfff' }], 'user')).toEqual([says('user', '\udfff')]);
  });

  it('getters and proxies that throw are as good as absent', () => {
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    expect(readMessages([{ role: 'user', content: [trap] }], 'user')).toBeUndefined();
    expect(readToolDefinitions([trap])).toBeUndefined();
    expect(readFlattened([['0.content', trap]], 'traceloop')).toBeUndefined();
    expect(readEventMessages([{ name: 'gen_ai.choice', timeMs: 1, attributes: trap }])).toBeUndefined();
  });

  it('never touches a prototype', () => {
    const value =
      '{"messages":[{"role":"user","content":"a","__proto__":{"polluted":1}},{"__proto__":{"polluted":1}}],"__proto__":{"polluted":1}}';
    expect(readMessages(value, 'user')?.[0]).toEqual(says('user', 'a'));
    readEventList('[{"event.name":"gen_ai.choice","message":{"content":"a","__proto__":{"polluted":1}}}]');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('does not write to what it reads', () => {
    const value = [
      { role: 'user', content: [{ type: 'text', text: 'a' }], tool_calls: [{ id: 'c1', name: 'f' }] },
    ];
    const copy = structuredClone(value);
    const freeze = (held: unknown): void => {
      if (typeof held !== 'object' || held === null) return;
      Object.freeze(held);
      Object.values(held).forEach(freeze);
    };
    freeze(value);
    expect(readRecorded(value, 'user')).toHaveLength(1);
    expect(value).toEqual(copy);
  });
});
