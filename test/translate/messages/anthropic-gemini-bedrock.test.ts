import { describe, expect, it } from 'vitest';
import { readMessages } from '../../../src/translate/messages/read-messages.ts';
import { answer, base64, call, ended, file, media, other, type Row, says, thinks, url } from './support.ts';

const blocks = (...content: readonly object[]) => [{ role: 'user', content }];

const anthropic: readonly Row[] = [
  ['text', blocks({ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }), [says('user', 'Hi')]],
  [
    'thinking',
    blocks({ type: 'thinking', thinking: 'hm', signature: 'xx' }, { type: 'text', text: 'Yes' }),
    [says('user', thinks('hm'), 'Yes')],
  ],
  [
    'thinking that was withheld',
    blocks({ type: 'thinking', thinking: '', signature: 'xx' }, { type: 'text', text: 'Yes' }),
    [says('user', 'Yes')],
  ],
  [
    'redacted thinking, of which nothing can be shown',
    blocks({ type: 'redacted_thinking', data: 'xx' }, { type: 'text', text: 'Yes' }),
    [says('user', 'Yes')],
  ],
  [
    'tool use',
    blocks({ type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } }),
    [says('user', call('t1', 'f', { a: 1 }))],
  ],
  [
    'tool results as text, as blocks, failed, with an image',
    blocks(
      { type: 'tool_result', tool_use_id: 't1', content: 'ok' },
      { type: 'tool_result', tool_use_id: 't2', content: [{ type: 'text', text: 'ok' }] },
      { type: 'tool_result', tool_use_id: 't3', content: 'boom', is_error: true },
      {
        type: 'tool_result',
        tool_use_id: 't4',
        content: [{ type: 'image', source: { type: 'base64', data: 'aGk=' } }],
      },
    ),
    [
      says(
        'user',
        answer('t1', 'ok'),
        answer('t2', 'ok'),
        answer('t3', 'boom', { isError: true }),
        answer('t4', [{ type: 'image', source: { type: 'base64', data: 'aGk=' } }]),
      ),
    ],
  ],
  [
    'server tools',
    blocks(
      { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'q' } },
      {
        type: 'web_search_tool_result',
        tool_use_id: 's1',
        content: [{ type: 'web_search_result', url: 'https://example.com' }],
      },
      { type: 'mcp_tool_use', id: 'm1', name: 'roll', server_name: 's', input: {} },
      { type: 'mcp_tool_result', tool_use_id: 'm1', is_error: false, content: [{ type: 'text', text: '6' }] },
    ),
    [
      says(
        'user',
        call('s1', 'web_search', { query: 'q' }),
        answer('s1', [{ type: 'web_search_result', url: 'https://example.com' }]),
        call('m1', 'roll', {}),
        answer('m1', '6'),
      ),
    ],
  ],
  [
    'images and documents from every kind of source',
    blocks(
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/cat.png' } },
      { type: 'image', source: { type: 'file', file_id: 'file_1' } },
      {
        type: 'document',
        title: 'a.pdf',
        source: { type: 'base64', media_type: 'application/pdf', data: 'aGk=' },
      },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A story' } },
    ),
    [
      says(
        'user',
        media('image', base64('aGk='), { mimeType: 'image/png' }),
        media('image', url('https://example.com/cat.png')),
        media('image', file('file_1')),
        media('document', base64('aGk='), { mimeType: 'application/pdf', filename: 'a.pdf' }),
        'A story',
      ),
    ],
  ],
  [
    'an image that was not recorded, kept',
    blocks({ type: 'anthropic_image' }),
    [says('user', other({ type: 'anthropic_image' }))],
  ],
  [
    'request, system prompt as text and as blocks',
    {
      model: 'm',
      max_tokens: 9,
      system: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      messages: [{ role: 'user', content: 'Hi' }],
    },
    [says('system', 'a', 'b'), says('user', 'Hi')],
  ],
  [
    'response',
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'Yes' }],
      stop_reason: 'end_turn',
      usage: {},
    },
    [ended('end_turn', says('assistant', 'Yes'))],
  ],
];

const gemini: readonly Row[] = [
  [
    'contents with calls, camel case',
    {
      model: 'gemini',
      contents: [
        { role: 'user', parts: [{ text: 'Weather?' }] },
        {
          role: 'model',
          parts: [
            { text: 'hm', thought: true },
            { functionCall: { id: 'f1', name: 'weather', args: { city: 'Paris' } }, thoughtSignature: 'xx' },
          ],
        },
        {
          role: 'user',
          parts: [{ functionResponse: { id: 'f1', name: 'weather', response: { temp: 18 } } }],
        },
      ],
      config: { systemInstruction: 'Be brief.' },
    },
    [
      says('system', 'Be brief.'),
      says('user', 'Weather?'),
      says('assistant', thinks('hm'), call('f1', 'weather', { city: 'Paris' })),
      says('user', answer('f1', { temp: 18 }, { name: 'weather' })),
    ],
  ],
  [
    'contents with attachments, snake case',
    {
      system_instruction: { parts: [{ text: 'Be brief.' }] },
      contents: [
        {
          role: 'user',
          parts: [
            { inline_data: { mime_type: 'image/png', data: 'aGk=' } },
            { file_data: { mime_type: 'video/mp4', file_uri: 'https://example.com/film' } },
            { function_response: { name: 'f', response: 'ok' } },
          ],
        },
        { role: 'model', parts: [{ function_call: { name: 'f', args: {} } }] },
      ],
    },
    [
      says('system', 'Be brief.'),
      says(
        'user',
        media('image', base64('aGk='), { mimeType: 'image/png' }),
        media('video', url('https://example.com/film'), { mimeType: 'video/mp4' }),
        answer(undefined, 'ok', { name: 'f' }),
      ),
      says('assistant', call(undefined, 'f', {})),
    ],
  ],
  [
    'code that Gemini ran',
    [
      {
        role: 'model',
        parts: [
          { executableCode: { language: 'PYTHON', code: '1+1' } },
          { codeExecutionResult: { outcome: 'OUTCOME_FAILED', output: 'boom' } },
        ],
      },
    ],
    [
      says(
        'assistant',
        call(undefined, 'code_execution', { language: 'PYTHON', code: '1+1' }),
        answer(undefined, 'boom', { name: 'code_execution', isError: true }),
      ),
    ],
  ],
  ['contents as one text', { model: 'gemini', contents: 'Hi' }, [says('user', 'Hi')]],
  ['contents as texts', { model: 'gemini', contents: ['a', 'b'] }, [says('user', 'a'), says('user', 'b')]],
  ['contents as one object', { contents: { parts: [{ text: 'Hi' }] } }, [says('user', 'Hi')]],
  [
    'candidates, one message each',
    {
      candidates: [
        { content: { role: 'model', parts: [{ text: 'a' }] }, finishReason: 'STOP', index: 0 },
        { content: { parts: [{ text: 'b' }], role: 'model' }, finishReason: 'MAX_TOKENS' },
      ],
    },
    [ended('STOP', says('assistant', 'a')), ended('MAX_TOKENS', says('assistant', 'b'))],
  ],
  [
    'the one candidate of the ADK',
    {
      content: { role: 'model', parts: [{ text: 'a' }] },
      finishReason: 'STOP',
      partial: false,
      usageMetadata: {},
    },
    [ended('STOP', says('assistant', 'a'))],
  ],
];

const bedrock: readonly Row[] = [
  [
    'Converse request',
    {
      modelId: 'm',
      system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }],
      messages: [
        { role: 'user', content: [{ text: 'Weather?' }] },
        {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'hm', signature: 'xx' } } },
            { toolUse: { toolUseId: 't1', name: 'weather', input: { city: 'Paris' } } },
          ],
        },
        {
          role: 'user',
          content: [
            { toolResult: { toolUseId: 't1', content: [{ json: { temp: 18 } }] } },
            { toolResult: { toolUseId: 't2', content: [{ text: 'boom' }], status: 'error' } },
          ],
        },
      ],
    },
    [
      says('system', 'Be brief.'),
      says('user', 'Weather?'),
      says('assistant', thinks('hm'), call('t1', 'weather', { city: 'Paris' })),
      says('user', answer('t1', { temp: 18 }), answer('t2', 'boom', { isError: true })),
    ],
  ],
  [
    'attachments and guarded content',
    [
      {
        role: 'user',
        content: [
          { image: { format: 'png', source: { bytes: 'aGk=' } } },
          { image: { format: 'png', source: { bytes: { 0: 104, 1: 105 } } } },
          { video: { format: 'mp4', source: { s3Location: { uri: 's3://bucket/film' } } } },
          { document: { format: 'pdf', name: 'a', source: { bytes: { type: 'Buffer', data: [104, 105] } } } },
          { document: { format: 'txt', name: 'b', source: { text: 'A story' } } },
          { guardContent: { text: { text: 'Secret' } } },
          { reasoningContent: { redactedContent: 'xx' } },
        ],
      },
    ],
    [
      says(
        'user',
        media('image', base64('aGk='), { mimeType: 'image/png' }),
        media('image', base64('aGk='), { mimeType: 'image/png' }),
        media('video', url('s3://bucket/film'), { mimeType: 'video/mp4' }),
        media('document', base64('aGk='), { mimeType: 'application/pdf', filename: 'a' }),
        'A story',
        'Secret',
      ),
    ],
  ],
  ['Titan request', { inputText: 'Hi', textGenerationConfig: { topP: 1 } }, [says('user', 'Hi')]],
  ['Llama request', { prompt: 'Hi', max_gen_len: 9, temperature: 1 }, [says('user', 'Hi')]],
];

const bedrockAnswers: readonly Row[] = [
  [
    'Converse response',
    {
      output: { message: { role: 'assistant', content: [{ text: 'Yes' }] } },
      stopReason: 'end_turn',
      usage: {},
      metrics: {},
    },
    [ended('end_turn', says('assistant', 'Yes'))],
  ],
  [
    'Titan response',
    { inputTextTokenCount: 1, results: [{ outputText: 'Yes', completionReason: 'FINISH', tokenCount: 1 }] },
    [ended('FINISH', says('assistant', 'Yes'))],
  ],
  [
    'Llama response',
    { generation: 'Yes', stop_reason: 'stop', prompt_token_count: 1, generation_token_count: 1 },
    [ended('stop', says('assistant', 'Yes'))],
  ],
  [
    'Mistral response',
    { outputs: [{ text: 'Yes', stop_reason: 'stop' }] },
    [ended('stop', says('assistant', 'Yes'))],
  ],
  [
    'AI21 response',
    { id: 1, completions: [{ data: { text: 'Yes' }, finishReason: { reason: 'endoftext' } }] },
    [ended('endoftext', says('assistant', 'Yes'))],
  ],
  [
    'Claude 2 response',
    { completion: 'Yes', stop_reason: 'stop_sequence', stop: null },
    [ended('stop_sequence', says('assistant', 'Yes'))],
  ],
  [
    'Cohere response',
    { generations: [{ text: 'Yes', finish_reason: 'COMPLETE' }] },
    [ended('COMPLETE', says('assistant', 'Yes'))],
  ],
  [
    'collected stream',
    {
      text: 'Yes',
      tool_calls: [{ id: 't1', name: 'f', input: {} }],
      stop_reason: 'end_turn',
      streaming: true,
      usage: {},
    },
    [ended('end_turn', says('assistant', 'Yes', call('t1', 'f', {})))],
  ],
];

describe.each([
  ['Anthropic', anthropic],
  ['Gemini', gemini],
  ['Bedrock', bedrock],
])('%s', (_provider, rows) => {
  it.each(rows)('%s', (_title, value, expected) => {
    expect(readMessages(JSON.stringify(value), 'user')).toEqual(expected);
  });
});

describe('Bedrock answers', () => {
  it.each(bedrockAnswers)('%s', (_title, value, expected) => {
    expect(readMessages(JSON.stringify(value), 'assistant')).toEqual(expected);
  });
});
