import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

const json = JSON.stringify;

function component(type: string, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    name: 'haystack.component.run',
    kind: 'internal',
    scope: 'my_application',
    attributes: { 'haystack.component.name': 'llm', 'haystack.component.type': type, ...attributes },
  };
}

const USAGE = {
  prompt_tokens: 50,
  completion_tokens: 9,
  total_tokens: 59,
  prompt_tokens_details: { cached_tokens: 10 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

const kinds: readonly DialectRow[] = [
  ['OpenAIChatGenerator', 'generation'],
  ['OpenAIGenerator', 'generation'],
  ['OpenAITextEmbedder', 'embedding'],
  ['OpenAIDocumentEmbedder', 'embedding'],
  ['InMemoryBM25Retriever', 'retriever'],
  ['TransformersSimilarityRanker', 'reranker'],
  ['ToolInvoker', 'tool'],
  ['Agent', 'agent'],
  ['ChatPromptBuilder', 'prompt'],
  ['DocumentJoiner', 'step'],
].map(([type = '', kind]) => ({
  rule: `${type} is ${kind}`,
  span: component(type),
  call: { kind, dialect: 'haystack', framework: 'haystack' },
}));

describe('kinds', () => {
  itReads([
    ...kinds,
    {
      rule: 'a component of the application with usage',
      span: component('MyModel', {
        'haystack.component.output': json({
          replies: ['x'],
          meta: [{ model: 'm', usage: { prompt_tokens: 1 } }],
        }),
      }),
      call: { kind: 'generation', model: 'm' },
    },
    {
      rule: 'the pipeline',
      span: {
        name: 'haystack.pipeline.run',
        scope: 'haystack',
        attributes: {
          'haystack.pipeline.input_data': '{"q":"x"}',
          'haystack.pipeline.output_data': '{"llm":{"replies":["y"]}}',
        },
      },
      call: { kind: 'workflow', inputState: { q: 'x' }, outputState: { llm: { replies: ['y'] } } },
    },
  ]);
});

describe('facts', () => {
  itReads([
    {
      rule: 'an agent with its tools',
      span: {
        name: 'haystack.agent.run',
        scope: 'haystack',
        attributes: {
          'haystack.agent.input': '{"messages":[]}',
          'haystack.agent.output': '{"last_message":"Ho"}',
          'haystack.agent.tools': '[{"name":"f","parameters":{"type":"object"}}]',
        },
      },
      call: {
        kind: 'agent',
        inputState: { messages: [] },
        outputState: { last_message: 'Ho' },
        tools: [{ name: 'f', parameters: { type: 'object' } }],
      },
    },
    {
      rule: 'the name of a tool',
      span: component('ToolInvoker', { 'haystack.tool.name': 'f' }),
      call: { toolName: 'f' },
    },
    {
      rule: 'a chat generator',
      span: component('OpenAIChatGenerator', {
        'haystack.component.input': json({
          messages: [{ role: 'user', content: [{ text: 'Hi' }], name: null, meta: {} }],
          generation_kwargs: { temperature: 0.4 },
        }),
        'haystack.component.output': json({
          replies: [
            {
              role: 'assistant',
              content: [{ text: 'Ho' }],
              meta: { model: 'gpt-4o-2024', finish_reason: 'stop', usage: USAGE },
            },
          ],
        }),
      }),
      call: {
        model: 'gpt-4o-2024',
        provider: 'openai',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
        parameters: { temperature: 0.4 },
        usage: {
          inputTokens: 50,
          outputTokens: 9,
          totalTokens: 59,
          cacheReadTokens: 10,
          reasoningTokens: 3,
        },
        finishReason: 'stop',
        trace: { generationName: 'llm' },
      },
    },
    {
      rule: 'a text generator',
      span: component('OpenAIGenerator', {
        'haystack.component.input': json({ prompt: 'Hi' }),
        'haystack.component.output': json({
          replies: ['Ho'],
          meta: [
            { model: 'gpt-4o', finish_reason: 'length', usage: { prompt_tokens: 5, completion_tokens: 2 } },
          ],
        }),
      }),
      call: {
        model: 'gpt-4o',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
        usage: { inputTokens: 5, outputTokens: 2 },
        finishReason: 'length',
      },
    },
    {
      rule: 'an embedder, without its vectors',
      span: component('OpenAITextEmbedder', {
        'haystack.component.input': json({ text: 'Paris' }),
        'haystack.component.output': json({
          embedding: [0.1, 0.2],
          meta: { model: 'text-embedding-3-small', usage: { prompt_tokens: 4, total_tokens: 4 } },
        }),
      }),
      call: { model: 'text-embedding-3-small', embeddingInput: 'Paris', usage: { inputTokens: 4 } },
      absent: ['output', 'outputState'],
    },
    {
      rule: 'an embedder of documents',
      span: component('OpenAIDocumentEmbedder', {
        'haystack.component.input': json({ documents: [{ content: 'a' }, { content: 'b' }] }),
      }),
      call: { embeddingInput: ['a', 'b'] },
    },
    {
      rule: 'a retriever',
      span: component('InMemoryBM25Retriever', {
        'haystack.component.input': json({ query: 'capital?' }),
        'haystack.component.output': json({ documents: [{ id: '1', content: 'Paris', score: 0.9 }] }),
      }),
      call: { inputState: { query: 'capital?' }, outputState: [{ id: '1', content: 'Paris', score: 0.9 }] },
    },
    {
      rule: 'a pipeline is no call, whatever its output holds, and lends its only call what that lacks',
      span: {
        name: 'haystack.pipeline.run',
        scope: 'haystack',
        attributes: {
          'haystack.pipeline.output_data': json({
            llm: { replies: [{ meta: { model: 'm', usage: USAGE } }] },
          }),
        },
      },
      call: { kind: 'workflow', model: 'm' },
      absent: ['usage'],
    },
  ]);
});
