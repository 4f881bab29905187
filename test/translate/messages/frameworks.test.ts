import { describe, expect, it } from 'vitest';
import { readMessages } from '../../../src/translate/messages/read-messages.ts';
import { answer, base64, call, ended, file, media, type Row, says, thinks, url } from './support.ts';

const user = (...content: readonly object[]) => [{ role: 'user', content }];
const lc = (name: string, kwargs: object) => ({
  lc: 1,
  type: 'constructor',
  id: ['langchain_core', 'messages', name],
  kwargs,
});

const vercel: readonly Row[] = [
  ['a bare prompt', { system: 'Be brief.', prompt: 'Hi' }, [says('system', 'Be brief.'), says('user', 'Hi')]],
  [
    'messages with the system prompt apart',
    { system: 'Be brief.', messages: [{ role: 'user', content: 'Hi' }] },
    [says('system', 'Be brief.'), says('user', 'Hi')],
  ],
  [
    'a system prompt that the messages repeat',
    {
      system: 'Be brief.',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
    },
    [says('system', 'Be brief.'), says('user', 'Hi')],
  ],
  ['a prompt of messages', { prompt: [{ role: 'user', content: 'Hi' }] }, [says('user', 'Hi')]],
  [
    'files as base64, URL, bytes and tagged data',
    user(
      { type: 'file', mediaType: 'image/png', data: 'aGk=' },
      { type: 'file', mimeType: 'application/pdf', data: 'https://example.com/a.pdf', filename: 'a.pdf' },
      { type: 'file', mediaType: 'audio/wav', data: { 0: 104, 1: 105 } },
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'aGk=' } },
      { type: 'file', mediaType: 'image/*', data: { type: 'url', url: 'https://example.com/cat' } },
      {
        type: 'file',
        mediaType: 'application/pdf',
        data: { type: 'reference', reference: { openai: 'file-1' } },
      },
      { type: 'file', mediaType: 'text/plain', data: { type: 'text', text: 'A story' } },
      { type: 'image', image: 'aGk=', mimeType: 'image/png' },
      { type: 'image', image: 'https://example.com/cat.png' },
    ),
    [
      says(
        'user',
        media('image', base64('aGk='), { mimeType: 'image/png' }),
        media('document', url('https://example.com/a.pdf'), {
          mimeType: 'application/pdf',
          filename: 'a.pdf',
        }),
        media('audio', base64('aGk='), { mimeType: 'audio/wav' }),
        media('image', base64('aGk='), { mimeType: 'image/png' }),
        media('image', url('https://example.com/cat'), { mimeType: 'image/*' }),
        media('document', file('file-1'), { mimeType: 'application/pdf' }),
        'A story',
        media('image', base64('aGk='), { mimeType: 'image/png' }),
        media('image', url('https://example.com/cat.png')),
      ),
    ],
  ],
  [
    'a tool loop of version 4',
    [
      {
        role: 'assistant',
        content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'f', args: { a: 1 } }],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'c1', toolName: 'f', result: { ok: true } },
          { type: 'tool-result', toolCallId: 'c2', toolName: 'g', result: 'boom', isError: true },
        ],
      },
    ],
    [
      says('assistant', call('c1', 'f', { a: 1 })),
      says(
        'tool',
        answer('c1', { ok: true }, { name: 'f' }),
        answer('c2', 'boom', { name: 'g', isError: true }),
      ),
    ],
  ],
  [
    'a tool loop of versions 5 to 7',
    [
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: 'Let me see.' },
          { type: 'tool-call', toolCallId: 'c1', toolName: 'f', input: { a: 1 } },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c1',
            toolName: 'f',
            output: { type: 'json', value: { ok: true } },
          },
          {
            type: 'tool-result',
            toolCallId: 'c2',
            toolName: 'g',
            output: { type: 'error-text', value: 'boom' },
          },
          {
            type: 'tool-result',
            toolCallId: 'c3',
            toolName: 'h',
            output: { type: 'content', value: [{ type: 'text', text: 'ok' }] },
          },
        ],
      },
    ],
    [
      says('assistant', thinks('hm'), 'Let me see.', call('c1', 'f', { a: 1 })),
      says(
        'tool',
        answer('c1', { ok: true }, { name: 'f' }),
        answer('c2', 'boom', { name: 'g', isError: true }),
        answer('c3', 'ok', { name: 'h' }),
      ),
    ],
  ],
  [
    'messages of the user interface',
    [
      {
        id: 'm1',
        role: 'assistant',
        parts: [
          { type: 'step-start' },
          { type: 'text', text: 'Let me see.' },
          { type: 'tool-weather', toolCallId: 'c1', state: 'output-available', input: { a: 1 }, output: 18 },
          {
            type: 'tool-invocation',
            toolInvocation: { state: 'call', toolCallId: 'c2', toolName: 'g', args: {} },
          },
        ],
      },
    ],
    [
      says(
        'assistant',
        'Let me see.',
        call('c1', 'weather', { a: 1 }),
        answer('c1', 18, { name: 'weather' }),
        call('c2', 'g', {}),
      ),
    ],
  ],
  [
    'tool calls without a type',
    [
      { toolCallType: 'function', toolCallId: 'c1', toolName: 'f', args: '{}' },
      { toolCallId: 'c2', toolName: 'g', input: '{}' },
    ],
    [says('assistant', call('c1', 'f', '{}'), call('c2', 'g', '{}'))],
  ],
];

const langchain: readonly Row[] = [
  [
    'serialised messages, list in list, calls once',
    {
      messages: [
        [
          lc('SystemMessage', { content: 'Be brief.' }),
          lc('HumanMessage', { content: 'Weather?', additional_kwargs: {}, response_metadata: {} }),
          lc('AIMessageChunk', {
            content: '',
            additional_kwargs: {
              tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
              reasoning_content: 'hm',
            },
            tool_calls: [{ id: 'c1', type: 'tool_call', name: 'f', args: {} }],
            invalid_tool_calls: [{ id: 'c2', name: 'g', args: '{"a":', error: 'cut' }],
            response_metadata: { finish_reason: 'tool_calls' },
          }),
          lc('ToolMessage', { content: 'boom', tool_call_id: 'c1', name: 'f', status: 'error' }),
        ],
      ],
    },
    [
      says('system', 'Be brief.'),
      says('user', 'Weather?'),
      ended('tool_calls', says('assistant', thinks('hm'), call('c1', 'f', {}), call('c2', 'g', '{"a":'))),
      says('tool', answer('c1', 'boom', { name: 'f', isError: true })),
    ],
  ],
  [
    'calls that are in the extras only, and in Anthropic blocks too',
    [
      lc('AIMessage', {
        content: 'a',
        tool_calls: [],
        additional_kwargs: { tool_calls: [{ id: 'c1', function: { name: 'f', arguments: '{}' } }] },
      }),
      lc('AIMessage', {
        content: [
          { type: 'text', text: 'b' },
          { type: 'tool_use', id: 'c2', name: 'g', input: {} },
        ],
        tool_calls: [{ id: 'c2', name: 'g', args: {} }],
      }),
    ],
    [says('assistant', 'a', call('c1', 'f', '{}')), says('assistant', 'b', call('c2', 'g', {}))],
  ],
  [
    'Python dictionaries',
    [
      { type: 'human', content: 'Hi', additional_kwargs: {} },
      { type: 'ai', data: { content: 'Hello', tool_calls: [] } },
      { type: 'system', content: 'x' },
      { type: 'tool', content: 'ok', tool_call_id: 'c1' },
      { type: 'AIMessageChunk', content: 'y' },
    ],
    [
      says('user', 'Hi'),
      says('assistant', 'Hello'),
      says('system', 'x'),
      says('tool', answer('c1', 'ok')),
      says('assistant', 'y'),
    ],
  ],
  [
    'a chat message that says its role',
    lc('ChatMessage', { role: 'critic', content: 'Hi' }),
    [says('critic', 'Hi')],
  ],
  [
    'pairs of role and text',
    {
      messages: [
        ['human', 'Hi'],
        ['ai', 'Hello'],
      ],
    },
    [says('user', 'Hi'), says('assistant', 'Hello')],
  ],
  [
    'a prompt value',
    lc('ChatPromptValue', { messages: [lc('HumanMessage', { content: 'Hi' })] }),
    [says('user', 'Hi')],
  ],
  ['a text prompt value', lc('StringPromptValue', { value: 'Hi' }), [says('user', 'Hi')]],
  [
    'a chain with its history',
    { input: 'And now?', chat_history: [lc('HumanMessage', { content: 'Hi' })] },
    [says('user', 'Hi'), says('user', 'And now?')],
  ],
  [
    'standard content blocks',
    user(
      { type: 'image', source_type: 'base64', data: 'aGk=', mime_type: 'image/png' },
      { type: 'image', url: 'https://example.com/cat.png' },
      { type: 'audio', data: 'aGk=', mimeType: 'audio/wav' },
      { type: 'file', source_type: 'id', id: 'file-1' },
      { type: 'text-plain', text: 'A story' },
      { type: 'reasoning', reasoning: 'hm' },
      { type: 'tool_call', id: 'c1', name: 'f', args: {} },
    ),
    [
      says(
        'user',
        media('image', base64('aGk='), { mimeType: 'image/png' }),
        media('image', url('https://example.com/cat.png')),
        media('audio', base64('aGk='), { mimeType: 'audio/wav' }),
        media('document', file('file-1')),
        'A story',
        thinks('hm'),
        call('c1', 'f', {}),
      ),
    ],
  ],
];

const genkit: readonly Row[] = [
  [
    'request',
    {
      messages: [
        { role: 'system', content: [{ text: 'Be brief.' }] },
        {
          role: 'user',
          content: [
            { text: 'What?' },
            { media: { url: 'data:image/png;base64,aGk=' } },
            { media: { url: 'https://example.com/film', contentType: 'video/mp4' } },
          ],
        },
        {
          role: 'model',
          content: [{ reasoning: 'hm' }, { toolRequest: { ref: 'r1', name: 'f', input: { a: 1 } } }],
        },
        { role: 'tool', content: [{ toolResponse: { ref: 'r1', name: 'f', output: { ok: true } } }] },
      ],
      config: {},
      tools: [],
      output: {},
    },
    [
      says('system', 'Be brief.'),
      says(
        'user',
        'What?',
        media('image', base64('aGk='), { mimeType: 'image/png' }),
        media('video', url('https://example.com/film'), { mimeType: 'video/mp4' }),
      ),
      says('assistant', thinks('hm'), call('r1', 'f', { a: 1 })),
      says('tool', answer('r1', { ok: true }, { name: 'f' })),
    ],
  ],
];

const others: readonly Row[] = [
  [
    'Cohere request',
    {
      preamble: 'Be brief.',
      chat_history: [
        { role: 'USER', message: 'a' },
        { role: 'CHATBOT', message: 'b' },
      ],
      message: 'c',
    },
    [says('system', 'Be brief.'), says('user', 'a'), says('assistant', 'b'), says('user', 'c')],
  ],
  [
    'LangWatch messages',
    { type: 'chat_messages', value: [{ role: 'user', content: 'Hi' }] },
    [says('user', 'Hi')],
  ],
  ['LangWatch text', { type: 'text', value: 'Hi' }, [says('user', 'Hi')]],
  [
    'LangWatch list',
    {
      type: 'list',
      value: [
        { type: 'text', value: 'a' },
        { type: 'text', value: 'b' },
      ],
    },
    [says('user', 'a'), says('user', 'b')],
  ],
  [
    'Mastra request',
    {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi', providerOptions: { mastra: {} } }] },
      ],
    },
    [says('system', 'Be brief.'), says('user', 'Hi')],
  ],
  [
    'LiveKit context',
    {
      items: [
        { id: 'i1', type: 'message', role: 'user', content: ['Hi'] },
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'ok' },
      ],
    },
    [says('user', 'Hi'), says('assistant', call('c1', 'f', '{}')), says('tool', answer('c1', 'ok'))],
  ],
];

const answers: readonly Row[] = [
  [
    'LangChain generations',
    {
      generations: [
        [
          {
            text: 'Yes',
            message: lc('AIMessage', { content: 'Yes' }),
            generationInfo: { finish_reason: 'stop' },
          },
        ],
        [{ text: 'No' }],
      ],
    },
    [ended('stop', says('assistant', 'Yes')), says('assistant', 'No')],
  ],
  [
    'LangChain message',
    lc('AIMessage', { content: 'Yes', response_metadata: { stop_reason: 'end_turn' } }),
    [ended('end_turn', says('assistant', 'Yes'))],
  ],
  [
    'LangChain output',
    { output: lc('ToolMessage', { content: 'ok', tool_call_id: 'c1' }) },
    [says('tool', answer('c1', 'ok'))],
  ],
  ['LangChain text', { output: 'Yes' }, [says('assistant', 'Yes')]],
  [
    'Genkit',
    {
      message: { role: 'model', content: [{ text: 'Yes' }] },
      finishReason: 'stop',
      request: { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] },
      usage: {},
    },
    [ended('stop', says('assistant', 'Yes'))],
  ],
  [
    'Genkit, structured',
    { message: { role: 'model', content: [{ data: { a: 1 } }] } },
    [says('assistant', '{"a":1}')],
  ],
  [
    'Genkit candidates',
    {
      candidates: [
        { index: 0, finishReason: 'stop', message: { role: 'model', content: [{ text: 'Yes' }] } },
      ],
    },
    [ended('stop', says('assistant', 'Yes'))],
  ],
  [
    'Cohere version 1',
    {
      text: 'Yes',
      generation_id: 'g',
      finish_reason: 'COMPLETE',
      chat_history: [{ role: 'USER', message: 'Hi' }],
      tool_calls: [{ name: 'f', parameters: { a: 1 } }],
    },
    [ended('COMPLETE', says('assistant', 'Yes', call(undefined, 'f', { a: 1 })))],
  ],
  [
    'Cohere version 2',
    {
      id: 'x',
      message: { role: 'assistant', tool_plan: 'hm', content: [{ type: 'text', text: 'Yes' }] },
      finish_reason: 'COMPLETE',
    },
    [ended('COMPLETE', says('assistant', thinks('hm'), 'Yes'))],
  ],
  [
    'Ollama',
    { model: 'm', message: { role: 'assistant', content: 'Yes' }, done: true, done_reason: 'stop' },
    [ended('stop', says('assistant', 'Yes'))],
  ],
  [
    'AI SDK and Mastra',
    {
      text: 'Yes',
      reasoning: [{ type: 'reasoning', text: 'hm' }],
      files: [{ mediaType: 'image/png', base64: 'aGk=' }],
      toolCalls: [{ toolCallId: 'c1', toolName: 'f', args: {} }],
      sources: [],
      warnings: [],
      finishReason: 'stop',
    },
    [
      ended(
        'stop',
        says(
          'assistant',
          thinks('hm'),
          'Yes',
          media('image', base64('aGk='), { mimeType: 'image/png' }),
          call('c1', 'f', {}),
        ),
      ),
    ],
  ],
  ['AI SDK object', { text: '', object: { a: 1 } }, [says('assistant', '{"a":1}')]],
  [
    'Mastra chunk',
    { toolCallId: 'c1', toolName: 'f', toolInput: { a: 1 } },
    [says('assistant', call('c1', 'f', { a: 1 }))],
  ],
  ['text alone', { text: 'Yes' }, [says('assistant', 'Yes')]],
  ['Sentry texts', ['Yes', 'No'], [says('assistant', 'Yes'), says('assistant', 'No')]],
  [
    'LangSmith, with usage',
    { role: 'assistant', content: 'Yes', usage_metadata: { input_tokens: 1 } },
    [says('assistant', 'Yes')],
  ],
  ['messages of a graph', { messages: [lc('AIMessage', { content: 'Yes' })] }, [says('assistant', 'Yes')]],
];

describe.each([
  ['AI SDK', vercel],
  ['LangChain', langchain],
  ['Genkit', genkit],
  ['other frameworks', others],
])('%s', (_framework, rows) => {
  it.each(rows)('%s', (_title, value, expected) => {
    expect(readMessages(JSON.stringify(value), 'user')).toEqual(expected);
  });
});

describe('answers of frameworks', () => {
  it.each(answers)('%s', (_title, value, expected) => {
    expect(readMessages(JSON.stringify(value), 'assistant')).toEqual(expected);
  });
});
