import { describe } from 'vitest';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import type { SpanParts } from '../../support/spans.ts';

function genkitSpan(attributes: Record<string, unknown>, parts: SpanParts = {}): SpanParts {
  return { kind: 'internal', scope: { name: 'genkit-tracer', version: 'v1' }, ...parts, attributes };
}

const action = (subtype: string, name: string, attributes: Record<string, unknown> = {}) =>
  genkitSpan({
    'genkit:type': 'action',
    'genkit:metadata:subtype': subtype,
    'genkit:name': name,
    ...attributes,
  });

const kinds: readonly DialectRow[] = [
  ['model', 'generation'],
  ['background-model', 'generation'],
  ['embedder', 'embedding'],
  ['tool', 'tool'],
  ['tool.v2', 'tool'],
  ['flow', 'workflow'],
  ['retriever', 'retriever'],
  ['reranker', 'reranker'],
  ['evaluator', 'evaluator'],
  ['prompt', 'prompt'],
  ['indexer', 'span'],
].map(([subtype = '', kind]) => ({
  rule: `${subtype} is ${kind}`,
  span: action(subtype, 'x'),
  call: { kind, dialect: 'genkit', framework: 'genkit' },
}));

describe('kinds', () => {
  itReads([
    ...kinds,
    {
      rule: 'the generate loop repeats the usage of its calls',
      span: genkitSpan({
        'genkit:type': 'util',
        'genkit:name': 'generate',
        'genkit:output': '{"message":{"role":"model","content":[{"text":"ho"}]},"usage":{"inputTokens":3}}',
      }),
      call: { kind: 'chain', outputState: { role: 'model', content: [{ text: 'ho' }] } },
      absent: ['usage', 'requestedModel', 'provider'],
    },
    { rule: 'a step of a flow', span: genkitSpan({ 'genkit:type': 'flowStep' }), call: { kind: 'step' } },
    {
      rule: 'the name of its flow, in Go',
      span: genkitSpan({ 'genkit:type': 'flowStep', 'genkit:metadata:flow:name': 'geoFlow' }),
      call: { workflowName: 'geoFlow' },
      absent: ['trace.metadata'],
    },
    {
      rule: 'a prompt template',
      span: genkitSpan({ 'genkit:type': 'promptTemplate', 'genkit:metadata:promptName': 'geo' }),
      call: { kind: 'prompt', promptName: 'geo' },
    },
  ]);
});

describe('a model call', () => {
  itReads([
    {
      rule: "Go hands on parameters in the provider's words, and nothing else of the configuration",
      span: action('model', 'anthropic/claude-sonnet-4-5', {
        'genkit:input': JSON.stringify({
          config: {
            max_tokens: 256,
            top_k: 3,
            temperature: 0.5,
            apiKey: 'k',
            system: [{ text: 'Be brief.' }],
          },
        }),
      }),
      call: { parameters: { max_tokens: 256, top_k: 3, temperature: 0.5 } },
      absent: ['parameters.apiKey', 'parameters.system'],
    },
    {
      rule: 'everything stands in input and output',
      span: action('model', 'openai/gpt-4o-mini', {
        'genkit:input': JSON.stringify({
          messages: [{ role: 'user', content: [{ text: 'hi' }] }],
          tools: [{ name: 'f', inputSchema: { type: 'object' } }],
          config: { temperature: 0.2, maxOutputTokens: 9, apiKey: 'secret' },
        }),
        'genkit:output': JSON.stringify({
          message: { role: 'model', content: [{ text: 'ho' }] },
          finishReason: 'stop',
          usage: {
            inputTokens: 16,
            outputTokens: 8,
            totalTokens: 24,
            cachedContentTokens: 4,
            thoughtsTokens: 2,
          },
          raw: { id: 'chatcmpl-1', model: 'gpt-4o-mini-2024-07-18' },
        }),
      }),
      call: {
        model: 'gpt-4o-mini-2024-07-18',
        requestedModel: 'gpt-4o-mini',
        provider: 'openai',
        responseId: 'chatcmpl-1',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'ho' }] }],
        tools: [{ name: 'f' }],
        parameters: { temperature: 0.2, max_tokens: 9 },
        finishReason: 'stop',
        usage: {
          inputTokens: 16,
          outputTokens: 8,
          totalTokens: 24,
          cacheReadTokens: 4,
          cacheReporting: 'inclusive',
          reasoningTokens: 2,
          reasoningReporting: 'inclusive',
        },
      },
      absent: ['parameters.apiKey'],
    },
    {
      rule: "Google's plugin counts thinking apart",
      span: action('model', 'googleai/gemini-2.5-flash', {
        'genkit:output': JSON.stringify({
          candidates: [{ message: { role: 'model', content: [{ text: 'ho' }] }, finishReason: 'stop' }],
          usage: { inputTokens: 13, outputTokens: 300, thoughtsTokens: 96 },
          custom: { modelVersion: 'gemini-2.5-flash', responseId: 'r1' },
        }),
      }),
      call: {
        model: 'gemini-2.5-flash',
        provider: 'gcp.gemini',
        responseId: 'r1',
        finishReason: 'stop',
        output: [{ parts: [{ type: 'text', text: 'ho' }] }],
        usage: { reasoningTokens: 96, reasoningReporting: 'exclusive' },
      },
    },
    {
      rule: 'embedded documents, without their vectors',
      span: action('embedder', 'openai/text-embedding-3-small', {
        'genkit:input':
          '{"input":[{"content":[{"text":"red"}]},{"content":[{"text":"green"}]}],"options":{}}',
        'genkit:output': '{"embeddings":[{"embedding":[0.1]}]}',
      }),
      call: { kind: 'embedding', embeddingInput: ['red', 'green'] },
      absent: ['output', 'outputState'],
    },
    {
      rule: 'one document is one text',
      span: action('embedder', 'e', { 'genkit:input': '{"input":[{"content":[{"text":"red"}]}]}' }),
      call: { embeddingInput: 'red' },
    },
    {
      rule: 'the exception is named after the HTTP status',
      span: {
        ...action('model', 'openai/gpt-4o-mini'),
        status: { code: 'error', message: 'RESOURCE_EXHAUSTED: 429 Rate limit' },
        events: [{ name: 'exception', timeMs: 0, attributes: { 'exception.type': '429' } }],
      },
      call: { httpStatus: 429, error: { message: 'RESOURCE_EXHAUSTED: 429 Rate limit' } },
    },
  ]);
});

describe('tools and context', () => {
  itReads([
    {
      rule: 'a tool, raw',
      span: action('tool', 'weather', {
        'genkit:input': '{"city":"Paris"}',
        'genkit:output': '{"sky":"sunny"}',
      }),
      call: { toolName: 'weather', inputState: { city: 'Paris' }, outputState: { sky: 'sunny' } },
      absent: ['model', 'requestedModel'],
    },
    {
      rule: 'a tool of Go, whose result stands in an envelope',
      span: action('tool.v2', 'weather', { 'genkit:output': '{"output":{"sky":"sunny"}}' }),
      call: { kind: 'tool', outputState: { sky: 'sunny' } },
    },
    {
      rule: 'loops and steps of Go, which stand where JavaScript has subtypes',
      span: action('util', 'generate', { 'genkit:output': '{"output":{"sky":"sunny"}}' }),
      call: { kind: 'chain', outputState: { output: { sky: 'sunny' } } },
    },
    { rule: 'a step of a flow', span: action('flowStep', 'normalise'), call: { kind: 'step' } },
    {
      rule: 'user and session in the context, which is no metadata',
      span: action('flow', 'f', {
        'genkit:metadata:context': '{"userId":"user-123","sessionId":"session-abc","auth":"<redacted>"}',
        'genkit:metadata:plan': 'pro',
      }),
      call: { trace: { user: 'user-123', sessionId: 'session-abc', metadata: { plan: 'pro' } } },
      absent: ['trace.metadata.context', 'trace.metadata.subtype'],
    },
  ]);
});
