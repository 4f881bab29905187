import { describe, expect, it } from 'vitest';
import type { ToolDefinition } from '../../../src/translate/call/messages.ts';
import { readFlattenedTools } from '../../../src/translate/messages/read-flattened-tools.ts';
import { readToolDefinitions } from '../../../src/translate/messages/read-tool-definitions.ts';

const schema = { type: 'object', properties: { city: { type: 'string' } } };
const tool: ToolDefinition = {
  name: 'weather',
  description: 'The weather',
  parameters: schema,
  type: 'function',
};
const plain = { name: 'weather', description: 'The weather' };

const rows: ReadonlyArray<
  readonly [title: string, value: unknown, expected: readonly ToolDefinition[] | undefined]
> = [
  ['OpenTelemetry', [{ type: 'function', ...plain, parameters: schema }], [tool]],
  ['OpenAI Chat', [{ type: 'function', function: { ...plain, parameters: schema, strict: true } }], [tool]],
  ['OpenAI Responses', [{ type: 'function', ...plain, parameters: schema, strict: true }], [tool]],
  ['Anthropic', [{ ...plain, input_schema: schema }], [tool]],
  [
    'Gemini',
    [{ functionDeclarations: [{ ...plain, parameters: schema }] }, { googleSearch: {} }],
    [tool, { name: 'googleSearch', type: 'googleSearch' }],
  ],
  ['Gemini, snake case', { function_declarations: [{ ...plain, parameters: schema }] }, [tool]],
  [
    'Bedrock',
    {
      tools: [{ toolSpec: { ...plain, inputSchema: { json: schema } } }, { cachePoint: { type: 'default' } }],
      toolChoice: {},
    },
    [tool],
  ],
  [
    'AI SDK, a list of JSON texts',
    [JSON.stringify({ type: 'function', ...plain, inputSchema: schema })],
    [tool],
  ],
  ['AI SDK, wrapped schema', [{ type: 'function', ...plain, inputSchema: { jsonSchema: schema } }], [tool]],
  [
    'AI SDK, tool of the provider',
    [{ type: 'provider', id: 'openai.web_search', name: 'web_search', args: {} }],
    [{ name: 'web_search', type: 'provider' }],
  ],
  ['schema as JSON text', [{ ...plain, parameters: JSON.stringify(schema) }], [tool]],
  ['names only', ['weather', 'time'], [{ name: 'weather' }, { name: 'time' }]],
  [
    'built-in tools without a name',
    [{ type: 'web_search' }, { type: 'web_search_20250305', name: 'web_search' }],
    [
      { name: 'web_search', type: 'web_search' },
      { name: 'web_search', type: 'web_search_20250305' },
    ],
  ],
  ['a single tool', { ...plain, parameters: schema }, [tool]],
  ['entries that are no tools', [null, 7, [], {}, tool], [tool]],
  ['nothing', [], undefined],
  ['withheld', '__REDACTED__', undefined],
  ['absent', undefined, undefined],
];

describe('readToolDefinitions', () => {
  it.each(rows)('%s', (_title, value, expected) => {
    expect(readToolDefinitions(value)).toEqual(expected);
    if (value !== undefined) expect(readToolDefinitions(JSON.stringify(value))).toEqual(expected);
  });

  it.each([7, true, Symbol('x')])('%s is nothing', (value) => {
    expect(readToolDefinitions(value)).toBeUndefined();
  });

  it('stops at lists that hold themselves', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.tools = [cyclic, cyclic];
    expect(readToolDefinitions(cyclic)).toBeUndefined();
  });
});

describe('readFlattenedTools', () => {
  it('reads OpenInference schemas and the fields of Traceloop, in order', () => {
    const text = JSON.stringify({ type: 'function', function: { ...plain, parameters: schema } });
    expect(readFlattenedTools([['0.tool.json_schema', text]])).toEqual([tool]);
    expect(
      readFlattenedTools([
        ['1.name', 'time'],
        ['0.description', 'The weather'],
        ['0.name', 'weather'],
        ['0.arguments', JSON.stringify(schema)],
      ]),
    ).toEqual([tool, { name: 'time' }]);
    expect(readFlattenedTools([])).toBeUndefined();
  });
});
