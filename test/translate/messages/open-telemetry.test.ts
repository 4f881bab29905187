import { describe, expect, it } from 'vitest';
import { readMessages } from '../../../src/translate/messages/read-messages.ts';
import { answer, base64, call, ended, file, media, other, type Row, says, thinks, url } from './support.ts';

const inParts = (...parts: readonly object[]) => [{ role: 'user', parts }];

const rows: readonly Row[] = [
  ['text', inParts({ type: 'text', content: 'Hi' }), [says('user', 'Hi')]],
  [
    'several texts, in order',
    inParts({ type: 'text', content: 'a' }, { type: 'text', content: 'b' }),
    [says('user', 'a', 'b')],
  ],
  [
    'tool call',
    inParts({ type: 'tool_call', id: 'c1', name: 'f', arguments: { a: 1 } }),
    [says('user', call('c1', 'f', { a: 1 }))],
  ],
  [
    'tool call whose item id is not the id of the call',
    inParts({ type: 'tool_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' }),
    [says('user', call('call_1', 'f', '{}'))],
  ],
  [
    'tool call one level further in',
    inParts({ type: 'tool_call', tool_call: { name: 'f', arguments: '{"a":1}' } }),
    [says('user', call(undefined, 'f', '{"a":1}'))],
  ],
  [
    'tool answer under `response`',
    inParts({ type: 'tool_call_response', id: 'c1', response: { ok: true } }),
    [says('user', answer('c1', { ok: true }))],
  ],
  [
    'tool answer under `result`',
    inParts({ type: 'tool_call_response', id: 'c1', name: 'f', result: 'ok' }),
    [says('user', answer('c1', 'ok', { name: 'f' }))],
  ],
  [
    'tool answer in text blocks',
    inParts({ type: 'tool_call_response', call_id: 'c1', response: [{ type: 'text', text: 'ok' }] }),
    [says('user', answer('c1', 'ok'))],
  ],
  [
    'server tool call and its answer',
    inParts(
      {
        type: 'server_tool_call',
        id: 's1',
        name: 'web_search',
        server_tool_call: { type: 'web_search', query: 'q' },
      },
      {
        type: 'server_tool_call_response',
        id: 's1',
        server_tool_call_response: { type: 'web_search', hits: 1 },
      },
    ),
    [
      says(
        'user',
        call('s1', 'web_search', { type: 'web_search', query: 'q' }),
        answer('s1', { type: 'web_search', hits: 1 }),
      ),
    ],
  ],
  [
    'blob',
    inParts({ type: 'blob', modality: 'image', mime_type: 'image/png', content: 'aGk=' }),
    [says('user', media('image', base64('aGk='), { mimeType: 'image/png' }))],
  ],
  [
    'spoken blob with its transcript, without MIME type',
    inParts({ type: 'blob', modality: 'audio', content: 'aGk=', transcript: 'hi' }),
    [says('user', media('audio', base64('aGk='), { transcript: 'hi' }))],
  ],
  [
    'uri',
    inParts({ type: 'uri', modality: 'video', uri: 'gs://bucket/film' }),
    [says('user', media('video', url('gs://bucket/film')))],
  ],
  [
    'file',
    inParts({ type: 'file', modality: 'document', mime_type: 'application/pdf', file_id: 'file-1' }),
    [says('user', media('document', file('file-1'), { mimeType: 'application/pdf' }))],
  ],
  ['reasoning', inParts({ type: 'reasoning', content: 'hm' }), [says('user', thinks('hm'))]],
  ['thinking of Pydantic AI', inParts({ type: 'thinking', content: 'hm' }), [says('user', thinks('hm'))]],
  ['compaction', inParts({ type: 'compaction', id: 'x', content: 'so far' }), [says('user', 'so far')]],
  [
    'compaction without its text',
    inParts({ type: 'compaction', id: 'x' }),
    [says('user', other({ type: 'compaction', id: 'x' }))],
  ],
  [
    'generic part, kept',
    inParts({ type: 'generic', generic_type: 'poll', options: [1] }),
    [says('user', other({ type: 'generic', generic_type: 'poll', options: [1] }))],
  ],
  [
    'a part that is no object, kept',
    [{ role: 'user', parts: [7, 'plain', null, [1]] }],
    [says('user', '7', 'plain', other([1]))],
  ],
  [
    'name and finish reason; one message per choice',
    [
      { role: 'assistant', name: 'Ada', parts: [{ type: 'text', content: 'a' }], finish_reason: 'stop' },
      { role: 'assistant', parts: [{ type: 'text', content: 'b' }], finish_reason: 'length' },
    ],
    [ended('stop', { ...says('assistant', 'a'), name: 'Ada' }), ended('length', says('assistant', 'b'))],
  ],
  [
    'an empty turn keeps its place among others',
    [
      { role: 'user', parts: [{ type: 'text', content: 'a' }] },
      { role: 'assistant', parts: [{ type: 'text', content: '' }] },
    ],
    [says('user', 'a'), says('assistant')],
  ],
  [
    'an answer without content but with a finish reason',
    [{ role: 'assistant', parts: [], finish_reason: 'tool_call' }],
    [ended('tool_call', says('assistant'))],
  ],
  [
    'the calls that LiteLLM repeats beside the parts',
    [
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'c1', name: 'f', arguments: {} }],
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'c2', type: 'function', function: { name: 'f', arguments: '{"b":2}' } },
        ],
      },
    ],
    [says('assistant', call('c1', 'f', {}), call('c2', 'f', '{"b":2}'))],
  ],
  [
    'repeated calls without ids, counted by name',
    [
      {
        role: 'assistant',
        parts: [
          { type: 'tool_call', name: 'f', arguments: { a: 1 } },
          { type: 'tool_call', name: 'f', arguments: { a: 2 } },
        ],
        tool_calls: [{ name: 'f' }, { name: 'f' }, { name: 'f', arguments: { a: 3 } }],
      },
    ],
    [
      says(
        'assistant',
        call(undefined, 'f', { a: 1 }),
        call(undefined, 'f', { a: 2 }),
        call(undefined, 'f', { a: 3 }),
      ),
    ],
  ],
  [
    'system instructions: parts without a message',
    [
      { type: 'text', content: 'a' },
      { type: 'text', content: 'b' },
    ],
    [says('user', 'a', 'b')],
  ],
  [
    'native content under the standard name',
    [
      { role: 'user', content: 'Hi' },
      { role: 'user', parts: [{ type: 'image', image_url: 'data:image/png;base64,aGk=' }] },
    ],
    [says('user', 'Hi'), says('user', media('image', base64('aGk='), { mimeType: 'image/png' }))],
  ],
];

describe('OpenTelemetry parts', () => {
  it.each(rows)('%s', (_title, value, expected) => {
    expect(readMessages(value, 'user')).toEqual(expected);
  });

  it.each(rows)('%s, as JSON text', (_title, value, expected) => {
    expect(readMessages(JSON.stringify(value), 'user')).toEqual(expected);
  });

  it('reads a list of JSON texts, one per message', () => {
    const value = rows
      .slice(0, 2)
      .flatMap(([, recorded]) => (recorded as object[]).map((entry) => JSON.stringify(entry)));
    expect(readMessages(value, 'user')).toEqual([says('user', 'Hi'), says('user', 'a', 'b')]);
  });

  it('reads JSON text inside JSON text', () => {
    expect(
      readMessages(
        JSON.stringify(JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }])),
        'user',
      ),
    ).toEqual([says('user', 'Hi')]);
  });

  it.each([
    ['USER', 'user'],
    ['human', 'user'],
    ['tool-call', 'assistant'],
    ['tool-response', 'tool'],
    ['System', 'system'],
    ['model', 'assistant'],
    ['ai', 'assistant'],
    ['bot', 'assistant'],
    ['CHATBOT', 'assistant'],
    ['function', 'tool'],
    ['developer', 'developer'],
    ['Planner', 'Planner'],
    ['', 'user'],
    [undefined, 'user'],
    [7, 'user'],
  ])('role %j is %s', (role, expected) => {
    expect(readMessages([{ role, parts: [{ type: 'text', content: 'Hi' }] }], 'user')).toEqual([
      says(expected, 'Hi'),
    ]);
  });
});
