import { describe, expect, it } from 'vitest';
import { readMessages } from '../../../src/translate/messages/read-messages.ts';
import { answer, base64, call, ended, file, media, type Row, says, thinks, url } from './support.ts';

const user = (...content: readonly object[]) => [{ role: 'user', content }];

const chat: readonly Row[] = [
  [
    'text',
    [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ],
    [says('system', 'Be brief.'), says('user', 'Hi')],
  ],
  ['text parts', user({ type: 'text', text: 'a' }, { type: 'text', text: 'b' }), [says('user', 'a', 'b')]],
  [
    'images by URL and inline',
    user(
      { type: 'image_url', image_url: { url: 'https://example.com/cat.png', detail: 'low' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
      { type: 'image_url', image_url: 'https://example.com/dog.png' },
    ),
    [
      says(
        'user',
        media('image', url('https://example.com/cat.png')),
        media('image', base64('aGk='), { mimeType: 'image/png' }),
        media('image', url('https://example.com/dog.png')),
      ),
    ],
  ],
  [
    'sound',
    user({ type: 'input_audio', input_audio: { data: 'aGk=', format: 'wav' } }),
    [says('user', media('audio', base64('aGk='), { mimeType: 'audio/wav' }))],
  ],
  [
    'files by id and inline',
    user(
      { type: 'file', file: { file_id: 'file-1' } },
      { type: 'file', file: { file_data: 'data:application/pdf;base64,aGk=', filename: 'a.pdf' } },
    ),
    [
      says(
        'user',
        media('document', file('file-1')),
        media('document', base64('aGk='), { mimeType: 'application/pdf', filename: 'a.pdf' }),
      ),
    ],
  ],
  [
    'refusals beside and in the content',
    [
      { role: 'assistant', content: null, refusal: 'No.' },
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'Never.' }], refusal: null },
    ],
    [
      says('assistant', { type: 'refusal', text: 'No.' }),
      says('assistant', { type: 'refusal', text: 'Never.' }),
    ],
  ],
  [
    'a tool loop',
    [
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
          { id: 'c2', type: 'custom', custom: { name: 'shell', input: 'ls' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '18' },
      {
        role: 'tool',
        tool_call_id: 'c2',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ],
    [
      says('user', 'Weather?'),
      says('assistant', call('c1', 'weather', '{"city":"Paris"}'), call('c2', 'shell', 'ls')),
      says('tool', answer('c1', '18')),
      says('tool', answer('c2', 'a\nb')),
    ],
  ],
  [
    'legacy function call and its answer',
    [
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: 'ok' },
    ],
    [says('assistant', call(undefined, 'f', '{}')), says('tool', answer(undefined, 'ok', { name: 'f' }))],
  ],
  [
    'a tool message that does not say which call it answers',
    [{ role: 'tool', content: '18' }],
    [says('tool', answer(undefined, '18'))],
  ],
  [
    'an answer to a call in a user message',
    [{ role: 'user', tool_call_id: 'c1', content: '18' }],
    [says('user', answer('c1', '18'))],
  ],
  [
    'reasoning of DeepSeek and OpenRouter, before the answer and once',
    [
      { role: 'assistant', content: 'Yes', reasoning_content: 'hm' },
      {
        role: 'assistant',
        content: 'Yes',
        reasoning: 'hm',
        reasoning_details: [{ type: 'reasoning.text', text: 'hm' }],
      },
      {
        role: 'assistant',
        content: 'Yes',
        reasoning_details: [
          { type: 'reasoning.summary', summary: 'a' },
          { type: 'reasoning.encrypted', data: 'xx' },
        ],
      },
    ],
    [
      says('assistant', thinks('hm'), 'Yes'),
      says('assistant', thinks('hm'), 'Yes'),
      says('assistant', thinks('a'), 'Yes'),
    ],
  ],
  [
    'reasoning, images and calls of Ollama',
    [
      { role: 'user', content: 'What?', images: ['aGk='] },
      {
        role: 'assistant',
        content: '',
        thinking: 'hm',
        tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }],
      },
    ],
    [
      says('user', 'What?', media('image', base64('aGk='))),
      says('assistant', thinks('hm'), call(undefined, 'f', { a: 1 })),
    ],
  ],
  [
    'spoken answers: with sound, with an id only',
    [
      { role: 'assistant', content: null, audio: { id: 'audio_1', data: 'aGk=', transcript: 'hi' } },
      { role: 'assistant', audio: { id: 'audio_1' } },
    ],
    [
      says('assistant', media('audio', base64('aGk='), { transcript: 'hi' })),
      says('assistant', media('audio', file('audio_1'))),
    ],
  ],
  [
    'images that OpenRouter puts beside the content',
    [
      {
        role: 'assistant',
        content: 'Here',
        images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } }],
      },
    ],
    [says('assistant', 'Here', media('image', base64('aGk='), { mimeType: 'image/png' }))],
  ],
  [
    'participant names',
    [{ role: 'user', name: 'ada', content: 'Hi' }],
    [{ ...says('user', 'Hi'), name: 'ada' }],
  ],
  [
    'camel-case calls',
    [
      { role: 'assistant', content: '', toolCalls: [{ id: 'c1', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', toolCallId: 'c1', content: 'ok' },
    ],
    [says('assistant', call('c1', 'f', '{}')), says('tool', answer('c1', 'ok'))],
  ],
  [
    'tool calls alone',
    [
      { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'c2', function: { name: 'g', arguments: '{}' } },
    ],
    [says('assistant', call('c1', 'f', '{}'), call('c2', 'g', '{}'))],
  ],
  [
    'calls without content or role',
    { tool_calls: [{ function: { name: 'f', arguments: '{}' } }] },
    [says('user', call(undefined, 'f', '{}'))],
  ],
];

const responses: readonly Row[] = [
  [
    'messages with typed content',
    [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'What?' },
          { type: 'input_image', image_url: 'https://example.com/cat.png', detail: 'auto' },
          { type: 'input_image', file_id: 'file-1' },
          { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,aGk=' },
          { type: 'input_file', file_url: 'https://example.com/b.pdf' },
        ],
      },
    ],
    [
      says(
        'user',
        'What?',
        media('image', url('https://example.com/cat.png')),
        media('image', file('file-1')),
        media('document', base64('aGk='), { mimeType: 'application/pdf', filename: 'a.pdf' }),
        media('document', url('https://example.com/b.pdf')),
      ),
    ],
  ],
  [
    'a tool loop; the items of one turn are one message',
    [
      { role: 'user', content: 'Weather?' },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] },
      {
        type: 'message',
        role: 'assistant',
        id: 'msg_1',
        content: [{ type: 'output_text', text: 'Let me see.' }],
      },
      { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'weather', arguments: '{}' },
      { type: 'custom_tool_call', id: 'ct_1', call_id: 'c2', name: 'shell', input: 'ls' },
      { type: 'function_call_output', call_id: 'c1', output: '18' },
      { type: 'custom_tool_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'a' }] },
      { role: 'user', content: 'Thanks' },
    ],
    [
      says('user', 'Weather?'),
      says('assistant', thinks('hm'), 'Let me see.', call('c1', 'weather', '{}'), call('c2', 'shell', 'ls')),
      says('tool', answer('c1', '18')),
      says('tool', answer('c2', 'a')),
      says('user', 'Thanks'),
    ],
  ],
  [
    'tools that OpenAI runs',
    [
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
      { type: 'mcp_call', id: 'mcp_1', server_label: 's', name: 'roll', arguments: '{}', output: '6' },
      { type: 'mcp_call', id: 'mcp_2', server_label: 's', name: 'roll', arguments: '{}', error: 'boom' },
      {
        type: 'code_interpreter_call',
        id: 'ci_1',
        status: 'completed',
        code: '1+1',
        outputs: [{ type: 'logs', logs: '2' }],
      },
      { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'aGk=' },
    ],
    [
      says(
        'assistant',
        call('ws_1', 'web_search', { type: 'search', query: 'q' }),
        call('mcp_1', 'roll', '{}'),
        answer('mcp_1', '6', { name: 'roll' }),
        call('mcp_2', 'roll', '{}'),
        answer('mcp_2', 'boom', { name: 'roll', isError: true }),
        call('ci_1', 'code_interpreter', '1+1'),
        answer('ci_1', [{ type: 'logs', logs: '2' }], { name: 'code_interpreter' }),
        media('image', base64('aGk='), { mimeType: 'image/png' }),
      ),
    ],
  ],
  [
    'items of the Agents SDK',
    [
      { type: 'message', role: 'user', content: 'Weather?' },
      {
        type: 'function_call',
        id: 'fc_1',
        callId: 'c1',
        name: 'weather',
        arguments: '{}',
        status: 'completed',
      },
      {
        type: 'function_call_result',
        callId: 'c1',
        name: 'weather',
        status: 'completed',
        output: { type: 'text', text: '18' },
      },
    ],
    [
      says('user', 'Weather?'),
      says('assistant', call('c1', 'weather', '{}')),
      says('tool', answer('c1', '18', { name: 'weather' })),
    ],
  ],
  [
    'one item alone',
    { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'weather', arguments: '{}' },
    [says('assistant', call('c1', 'weather', '{}'))],
  ],
];

const answers: readonly Row[] = [
  [
    'Chat Completions, one message per choice',
    {
      id: 'x',
      object: 'chat.completion',
      choices: [
        { index: 0, message: { role: 'assistant', content: 'a', refusal: null }, finish_reason: 'stop' },
        { index: 1, message: { role: 'assistant', content: 'b' }, finish_reason: 'length' },
      ],
      usage: {},
    },
    [ended('stop', says('assistant', 'a')), ended('length', says('assistant', 'b'))],
  ],
  [
    'a list of whole answers',
    [{ choices: [{ message: { content: 'a' } }] }, { choices: [{ message: { content: 'b' } }] }],
    [says('assistant', 'a'), says('assistant', 'b')],
  ],
  ['a stream chunk', { choices: [{ delta: { content: 'a' } }] }, [says('assistant', 'a')]],
  [
    'legacy completions',
    { choices: [{ text: 'a', index: 0, finish_reason: 'stop' }] },
    [ended('stop', says('assistant', 'a'))],
  ],
  [
    'Responses, without what they echo of the request',
    {
      object: 'response',
      status: 'completed',
      incomplete_details: null,
      instructions: 'Be brief.',
      text: { format: { type: 'text' } },
      tools: [{ type: 'web_search' }],
      output: [
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'xx' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Yes' }] },
      ],
      output_text: 'Yes',
    },
    [ended('completed', says('assistant', 'Yes'))],
  ],
  [
    'an incomplete response',
    {
      object: 'response',
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Y' }] }],
    },
    [ended('max_output_tokens', says('assistant', 'Y'))],
  ],
  ['only the collected text', { output_text: 'Yes' }, [says('assistant', 'Yes')]],
];

const requests: readonly Row[] = [
  [
    'Chat Completions',
    { model: 'm', temperature: 1, messages: [{ role: 'user', content: 'Hi' }] },
    [says('user', 'Hi')],
  ],
  [
    'Responses with text',
    { model: 'm', instructions: 'Be brief.', input: 'Hi' },
    [says('system', 'Be brief.'), says('user', 'Hi')],
  ],
  ['Responses with items', { model: 'm', input: [{ role: 'user', content: 'Hi' }] }, [says('user', 'Hi')]],
  ['a legacy completion', { model: 'm', prompt: 'Once', max_tokens: 9 }, [says('user', 'Once')]],
  [
    'legacy completions in a batch',
    { model: 'm', prompt: ['a', 'b'] },
    [says('user', 'a'), says('user', 'b')],
  ],
];

describe('OpenAI', () => {
  it.each([...chat, ...responses, ...requests])('%s', (_title, value, expected) => {
    expect(readMessages(JSON.stringify(value), 'user')).toEqual(expected);
    expect(readMessages(value, 'user')).toEqual(expected);
  });

  it.each(answers)('%s', (_title, value, expected) => {
    expect(readMessages(JSON.stringify(value), 'assistant')).toEqual(expected);
  });
});
