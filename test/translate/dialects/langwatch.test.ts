import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, START_MS } from '../../support/spans.ts';

const json = JSON.stringify;

function langwatch(type: string, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    name: 'answer',
    kind: 'internal',
    scope: 'langwatch',
    attributes: { 'langwatch.span.type': type, ...attributes },
  };
}

const kinds: readonly DialectRow[] = [
  ['llm', 'generation'],
  ['embedding', 'embedding'],
  ['rag', 'retriever'],
  ['tool', 'tool'],
  ['agent', 'agent'],
  ['chain', 'chain'],
  ['guardrail', 'guardrail'],
  ['evaluation', 'evaluator'],
  ['workflow', 'workflow'],
  ['component', 'step'],
  ['span', 'span'],
].map(([type = '', kind]) => ({
  rule: `${type} is ${kind}`,
  span: langwatch(type),
  call: { kind, dialect: 'langwatch' },
}));

describe('kinds', () => itReads(kinds));

describe('content', () => {
  itReads([
    {
      rule: 'messages in their envelope',
      span: langwatch('llm', {
        'langwatch.input': json({ type: 'chat_messages', value: [{ role: 'user', content: 'Hi' }] }),
        'langwatch.output': json({ type: 'text', value: 'Ho' }),
        'langwatch.instructions': 'Be brief.',
        'langwatch.params': json({ temperature: 0.1 }),
      }),
      call: {
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        ],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Ho' }] }],
        parameters: { temperature: 0.1 },
      },
    },
    {
      rule: 'states of a tool without the envelope',
      span: langwatch('tool', {
        'langwatch.input': json({ type: 'json', value: { city: 'Paris' } }),
        'langwatch.output': json({ type: 'raw', value: 'sunny' }),
      }),
      call: { inputState: { city: 'Paris' }, outputState: 'sunny' },
    },
    {
      rule: 'the documents of a retrieval',
      span: langwatch('rag', {
        'langwatch.input': json({ type: 'text', value: 'capital?' }),
        'langwatch.rag.contexts': json({ type: 'json', value: [{ document_id: 'd1', content: 'Paris' }] }),
      }),
      call: { inputState: 'capital?', outputState: [{ document_id: 'd1', content: 'Paris' }] },
    },
    {
      rule: 'documents given to an agent are not its result',
      span: langwatch('agent', {
        'langwatch.rag.contexts': json([{ content: 'Paris' }]),
        'langwatch.output': json({ type: 'text', value: 'done' }),
      }),
      call: { outputState: 'done' },
    },
    {
      rule: 'an embedding',
      span: langwatch('embedding', { 'langwatch.input': json({ type: 'list', value: ['a', 'b'] }) }),
      call: { embeddingInput: ['a', 'b'] },
    },
  ]);
});

describe('numbers', () => {
  itReads([
    {
      rule: 'metrics',
      span: langwatch('llm', {
        'langwatch.metrics': json({
          type: 'json',
          value: { promptTokens: 5, completionTokens: 2, cost: 0.01 },
        }),
      }),
      call: { usage: { inputTokens: 5, outputTokens: 2 }, cost: { totalUsd: 0.01 } },
    },
    {
      rule: 'metrics in snake case, the first token in milliseconds',
      span: langwatch('llm', {
        'langwatch.metrics': json({
          type: 'json',
          value: { prompt_tokens: 5, completion_tokens: 2, first_token_ms: 400 },
        }),
        'langwatch.span.cost': 0.02,
      }),
      call: { usage: { inputTokens: 5 }, cost: { totalUsd: 0.02 }, timeToFirstTokenSeconds: 0.4 },
    },
    {
      rule: 'the first token as a time',
      span: langwatch('llm', { 'langwatch.timestamps': json({ first_token_at: START_MS + 300 }) }),
      call: { timeToFirstTokenSeconds: 0.3 },
    },
  ]);
});

describe('identity', () => {
  itReads([
    {
      rule: 'other names of documents, tags, customer and prompt',
      span: langwatch('rag', {
        'langwatch.contexts': json([{ content: 'Paris' }]),
        'langwatch.tags': ['a'],
        'langwatch.customer_id': 'c1',
        'langwatch.prompt.id': 'p1',
        'langwatch.prompt.version.id': 'v1',
      }),
      call: {
        outputState: [{ content: 'Paris' }],
        trace: { tags: ['a'], metadata: { customer_id: 'c1' } },
        promptName: 'p1',
        promptVersion: 'v1',
      },
    },
    {
      rule: 'metadata as JSON and in attributes of their own',
      span: langwatch('llm', {
        'langwatch.metadata': json({ tier: 'pro', labels: ['x'] }),
        'langwatch.metadata.region': 'eu',
        'metadata.feature': 'search',
      }),
      call: { trace: { metadata: { tier: 'pro', region: 'eu', feature: 'search' } } },
      absent: ['trace.metadata.labels'],
    },
    {
      rule: 'user, thread, customer, labels, prompt',
      span: langwatch('llm', {
        'langwatch.user.id': 'u1',
        'langwatch.thread.id': 't1',
        'langwatch.customer.id': 'c1',
        'langwatch.labels': '["a","b"]',
        'langwatch.prompt.handle': 'greet',
        'langwatch.prompt.version.number': 3,
      }),
      call: {
        trace: { user: 'u1', sessionId: 't1', tags: ['a', 'b'], metadata: { customer_id: 'c1' } },
        promptName: 'greet',
        promptVersion: 3,
      },
    },
    {
      rule: 'the names of older releases',
      span: langwatch('llm', { 'langwatch.user_id': 'u1', 'langwatch.thread_id': 't1' }),
      call: { trace: { user: 'u1', sessionId: 't1' } },
    },
    {
      rule: 'the metadata of the Python SDK',
      span: langwatch('llm', {
        metadata: json({ user_id: 'u1', thread_id: 't1', labels: ['a'], tier: 'pro' }),
      }),
      call: { trace: { user: 'u1', sessionId: 't1', tags: ['a'], metadata: { tier: 'pro' } } },
    },
  ]);
});
