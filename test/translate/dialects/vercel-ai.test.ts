import { describe, expect, it } from 'vitest';
import { readCall } from '../../../src/translate/reading/read-call.ts';
import { type DialectRow, itReads } from '../../support/dialect-rows.ts';
import { type SpanParts, span } from '../../support/spans.ts';

/** A span of AI SDK 4 to 6. */
function sdk(operationId: string, attributes: Record<string, unknown> = {}): SpanParts {
  return {
    name: operationId,
    kind: 'internal',
    scope: 'ai',
    attributes: {
      'ai.operationId': operationId,
      'ai.model.id': 'gpt-4o-mini',
      'ai.model.provider': 'openai.chat',
      ...attributes,
    },
  };
}

const doGenerate = (attributes: Record<string, unknown>) => sdk('ai.generateText.doGenerate', attributes);

/** A span of AI SDK 7 with `@ai-sdk/otel`. */
function v7(operation: string, attributes: Record<string, unknown> = {}, parts: SpanParts = {}): SpanParts {
  return {
    name: operation,
    scope: 'gen_ai',
    parentSpanId: 'aaaaaaaaaaaaaaaa',
    ...parts,
    attributes: { 'gen_ai.operation.name': operation, 'gen_ai.request.model': 'gpt-4o', ...attributes },
  };
}

const usage = { 'gen_ai.usage.input_tokens': 191, 'gen_ai.usage.output_tokens': 40 };

const kinds: readonly DialectRow[] = [
  ['ai.generateText', 'agent'],
  ['ai.streamText', 'agent'],
  ['ai.generateObject', 'agent'],
  ['ai.streamObject', 'agent'],
  ['ai.generateText.doGenerate', 'generation'],
  ['ai.streamText.doStream', 'generation'],
  ['ai.generateObject.doGenerate', 'generation'],
  ['ai.streamObject.doStream', 'generation'],
  ['ai.embed', 'span'],
  ['ai.embedMany', 'span'],
  ['ai.embed.doEmbed', 'embedding'],
  ['ai.embedMany.doEmbed', 'embedding'],
  ['ai.rerank', 'reranker'],
  ['ai.rerank.doRerank', 'reranker'],
  ['ai.toolCall', 'tool'],
  ['ai.somethingNew', 'span'],
].map(([operationId = '', kind]) => ({
  rule: `${operationId} is ${kind}`,
  span: sdk(operationId, { 'ai.usage.inputTokens': 5, 'ai.prompt': '{"prompt":"hi"}' }),
  call: { kind, dialect: 'vercel-ai', framework: 'vercel' },
}));

describe('kinds of AI SDK 4 to 6', () => itReads(kinds));

describe('kinds that other conventions on the same span get wrong', () => {
  itReads([
    {
      rule: 'a root stays a wrapper when a processor calls it a chat',
      span: sdk('ai.generateText', { 'gen_ai.operation.name': 'chat', 'ai.usage.promptTokens': 9 }),
      call: { kind: 'agent' },
      absent: ['usage', 'cost'],
    },
    {
      rule: 'a model call stays one when Langfuse calls it a span',
      span: doGenerate({ 'langfuse.observation.type': 'span', 'ai.usage.promptTokens': 9 }),
      call: { kind: 'generation', usage: { inputTokens: 9 } },
    },
    {
      rule: 'OpenInference may name the kind of wrapper',
      span: sdk('ai.embed', { 'openinference.span.kind': 'CHAIN' }),
      call: { kind: 'chain' },
    },
  ]);
});

describe('kinds of AI SDK 7', () => {
  itReads([
    { rule: 'chat is a generation', span: v7('chat'), call: { kind: 'generation', dialect: 'vercel-ai' } },
    {
      rule: 'the agent has no usage',
      span: v7('invoke_agent', usage),
      call: { kind: 'agent' },
      absent: ['usage'],
    },
    { rule: 'a step has no usage', span: v7('agent_step', usage), call: { kind: 'step' }, absent: ['usage'] },
    {
      rule: 'a tool',
      span: v7('execute_tool', { 'gen_ai.tool.name': 'f' }),
      call: { kind: 'tool', toolName: 'f' },
    },
    {
      rule: 'embeddings without parent are the outer span',
      span: v7('embeddings', {}, { parentSpanId: undefined }),
      call: { kind: 'span' },
    },
    {
      rule: 'embeddings of one ai.value are the outer span, below an application span too',
      span: v7('embeddings', { 'ai.value': '"red"' }),
      call: { kind: 'span', inputState: 'red' },
    },
    {
      rule: 'other embeddings are the inner span',
      span: v7('embeddings', { 'ai.values': ['"red"', '"green"'], 'gen_ai.usage.input_tokens': 4 }),
      call: { kind: 'embedding', embeddingInput: ['red', 'green'], usage: { inputTokens: 4 } },
    },
    { rule: 'rerank', span: v7('rerank'), call: { kind: 'reranker' } },
    { rule: 'the outer decide span', span: v7('decide'), call: { kind: 'step' } },
    {
      rule: 'the inner decide span has usage',
      span: v7('decide', usage),
      call: { kind: 'generation', usage: { inputTokens: 191 } },
    },
    {
      rule: 'speech and its usage',
      span: v7('ai.generateSpeech', { 'gen_ai.usage.input_tokens': 7 }),
      call: { kind: 'generation', usage: { inputTokens: 7 } },
    },
  ]);
});

describe('content', () => {
  itReads([
    {
      rule: 'prompt messages',
      span: doGenerate({
        'ai.prompt.messages':
          '[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Hi"}]}]',
      }),
      call: {
        input: [
          { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        ],
      },
    },
    {
      rule: 'the prompt of a root, with its system text first',
      span: sdk('ai.generateText', { 'ai.prompt': '{"system":"Be brief.","prompt":"Hi"}' }),
      call: { input: [{ role: 'system' }, { role: 'user', parts: [{ type: 'text', text: 'Hi' }] }] },
    },
    {
      rule: 'text, reasoning and tool calls are one message',
      span: doGenerate({
        'ai.response.text': 'Let me look.',
        'ai.response.reasoning': 'Weather is asked.',
        'ai.response.toolCalls': '[{"toolCallId":"c1","toolName":"weather","input":{"city":"Paris"}}]',
        'ai.response.finishReason': 'tool-calls',
      }),
      call: {
        finishReason: 'tool_calls',
        output: [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', text: 'Weather is asked.' },
              { type: 'text', text: 'Let me look.' },
              { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Paris' } },
            ],
          },
        ],
      },
    },
    {
      rule: 'tool calls of version 4 have their arguments as JSON text',
      span: doGenerate({
        'ai.response.toolCalls':
          '[{"toolCallType":"function","toolCallId":"c1","toolName":"weather","args":"{\\"city\\":\\"Paris\\"}"}]',
      }),
      call: {
        output: [
          { parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: '{"city":"Paris"}' }] },
        ],
      },
    },
    {
      rule: 'an object is the text of the answer',
      span: sdk('ai.generateObject.doGenerate', { 'ai.response.object': '{"minutes":17.5}' }),
      call: { output: [{ parts: [{ type: 'text', text: '{"minutes":17.5}' }] }] },
    },
    {
      rule: 'files',
      span: doGenerate({
        'ai.response.text': '',
        'ai.response.files': '[{"type":"file","mediaType":"image/png","data":"AAAA"}]',
      }),
      call: { output: [{ parts: [{ type: 'media', modality: 'image', mimeType: 'image/png' }] }] },
    },
    {
      rule: 'nothing recorded is no message',
      span: doGenerate({ 'ai.response.id': 'x', 'ai.response.finishReason': 'stop' }),
      call: { finishReason: 'stop' },
      absent: ['input', 'output'],
    },
    {
      rule: 'tools are a list of JSON texts',
      span: doGenerate({
        'ai.prompt.tools': ['{"type":"function","name":"weather","inputSchema":{"type":"object"}}'],
      }),
      call: { tools: [{ name: 'weather', parameters: { type: 'object' } }] },
    },
    {
      rule: 'embedded texts are JSON texts, vectors are never read',
      span: sdk('ai.embedMany.doEmbed', {
        'ai.values': ['"red"', '"[1] green"'],
        'ai.embeddings': ['[0.1,0.2]'],
      }),
      call: { embeddingInput: ['red', '[1] green'] },
      absent: ['outputState', 'output'],
    },
    {
      rule: 'a tool call, raw',
      span: sdk('ai.toolCall', {
        'ai.toolCall.name': 'weather',
        'ai.toolCall.args': '{"city":"Paris"}',
        'ai.toolCall.result': '{"sky":"sunny"}',
        'ai.telemetry.functionId': 'weather-agent',
      }),
      call: {
        toolName: 'weather',
        inputState: { city: 'Paris' },
        outputState: { sky: 'sunny' },
        trace: { generationName: undefined },
      },
    },
    {
      rule: 'reranked documents and their ranking',
      span: sdk('ai.rerank.doRerank', { 'ai.documents': ['"a"', '"b"'], 'ai.ranking': ['{"index":1}'] }),
      call: { inputState: ['a', 'b'] },
    },
  ]);
});

describe('tokens by version', () => {
  const anthropic = { 'ai.model.provider': 'anthropic.messages', 'ai.model.id': 'claude-sonnet-4' };
  itReads([
    {
      rule: '4 and 5 without streaming: promptTokens',
      span: doGenerate({ 'ai.usage.promptTokens': 11, 'ai.usage.completionTokens': 7 }),
      call: { usage: { inputTokens: 11, outputTokens: 7 } },
    },
    {
      rule: '5 with streaming: inputTokens and cached ones',
      span: sdk('ai.streamText.doStream', {
        'ai.usage.inputTokens': 30,
        'ai.usage.outputTokens': 9,
        'ai.usage.totalTokens': 39,
        'ai.usage.cachedInputTokens': 10,
        'ai.usage.reasoningTokens': 4,
      }),
      call: {
        streaming: true,
        usage: {
          inputTokens: 30,
          outputTokens: 9,
          totalTokens: 39,
          cacheReadTokens: 10,
          cacheReporting: 'inclusive',
          reasoningTokens: 4,
          reasoningReporting: 'inclusive',
        },
      },
    },
    {
      rule: '4 with Anthropic: cache only in provider metadata, outside the input',
      span: doGenerate({
        ...anthropic,
        'ai.usage.promptTokens': 4000,
        'ai.usage.completionTokens': 48,
        'ai.response.providerMetadata':
          '{"anthropic":{"cacheCreationInputTokens":3,"cacheReadInputTokens":2048}}',
      }),
      call: {
        usage: { inputTokens: 4000, cacheReadTokens: 2048, cacheWriteTokens: 3, cacheReporting: 'exclusive' },
      },
    },
    {
      rule: '5 with Anthropic: the raw usage, and its split by lifetime',
      span: doGenerate({
        ...anthropic,
        'ai.request.headers.user-agent': 'ai/5.0.277',
        'ai.usage.promptTokens': 4000,
        'ai.response.providerMetadata': JSON.stringify({
          anthropic: {
            usage: {
              cache_read_input_tokens: 5,
              cache_creation_input_tokens: 30,
              cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
            },
          },
        }),
      }),
      call: {
        usage: {
          cacheReadTokens: 5,
          cacheWriteTokens: 30,
          cacheWrite5mTokens: 10,
          cacheWrite1hTokens: 20,
          cacheReporting: 'exclusive',
        },
      },
    },
    {
      rule: '5 with Bedrock: outside the input as well',
      span: doGenerate({
        'ai.model.provider': 'amazon-bedrock',
        'ai.usage.promptTokens': 4000,
        'ai.response.providerMetadata':
          '{"bedrock":{"usage":{"cacheReadInputTokens":8,"cacheWriteInputTokens":9}}}',
      }),
      call: { usage: { cacheReadTokens: 8, cacheWriteTokens: 9, cacheReporting: 'exclusive' } },
    },
    {
      rule: '5 with Claude behind a gateway counts as the gateway does',
      span: doGenerate({
        'ai.model.provider': 'gateway',
        'ai.model.id': 'anthropic/claude-sonnet-4',
        'ai.usage.inputTokens': 4000,
        'ai.usage.cachedInputTokens': 8,
      }),
      call: { usage: { cacheReporting: 'inclusive' } },
    },
    {
      rule: '6 with Anthropic: inside the input, and the uncached rest proves it',
      span: doGenerate({
        ...anthropic,
        'ai.usage.inputTokens': 2081,
        'ai.usage.inputTokenDetails.noCacheTokens': 33,
        'ai.usage.inputTokenDetails.cacheReadTokens': 2000,
        'ai.usage.inputTokenDetails.cacheWriteTokens': 48,
        'ai.usage.outputTokenDetails.textTokens': 8,
      }),
      call: {
        usage: {
          inputTokens: 2081,
          cacheReadTokens: 2000,
          cacheWriteTokens: 48,
          cacheReporting: 'inclusive',
          textOutputTokens: 8,
        },
      },
    },
    {
      rule: '7 with Anthropic: inside the input',
      span: v7('chat', {
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.usage.input_tokens': 4000,
        'gen_ai.usage.cache_read.input_tokens': 8,
      }),
      call: { usage: { cacheReporting: 'inclusive' } },
    },
    {
      rule: '4 with OpenAI: cached and reasoning tokens in provider metadata, inside the totals',
      span: doGenerate({
        'ai.usage.promptTokens': 1211,
        'ai.usage.completionTokens': 300,
        'ai.response.providerMetadata': '{"openai":{"cachedPromptTokens":1024,"reasoningTokens":192}}',
      }),
      call: {
        usage: {
          cacheReadTokens: 1024,
          cacheReporting: 'inclusive',
          reasoningTokens: 192,
          reasoningReporting: 'inclusive',
        },
      },
    },
    {
      rule: '5 with Google: thinking is outside the output',
      span: doGenerate({
        'ai.model.provider': 'google.generative-ai',
        'ai.request.headers.user-agent': 'ai/5.0.1',
        'ai.usage.completionTokens': 300,
        'ai.response.providerMetadata': '{"google":{"usageMetadata":{"thoughtsTokenCount":96}}}',
      }),
      call: { usage: { reasoningTokens: 96, reasoningReporting: 'exclusive' } },
    },
    {
      rule: '6 with Google: inside',
      span: doGenerate({
        'ai.model.provider': 'google.generative-ai',
        'ai.request.headers.user-agent': 'ai/6.0.1',
        'ai.usage.outputTokens': 300,
        'ai.usage.outputTokenDetails.reasoningTokens': 96,
      }),
      call: { usage: { reasoningTokens: 96, reasoningReporting: 'inclusive' } },
    },
    {
      rule: 'embeddings',
      span: sdk('ai.embed.doEmbed', { 'ai.usage.tokens': 4 }),
      call: { usage: { inputTokens: 4 } },
    },
    {
      rule: 'counts that are no numbers are unknown',
      span: doGenerate({ 'ai.usage.promptTokens': Number.NaN, 'ai.usage.completionTokens': 'many' }),
      absent: ['usage'],
    },
  ]);
});

describe('cost, time, names', () => {
  itReads([
    {
      rule: 'OpenRouter in provider metadata',
      span: v7('chat', {
        'ai.response.providerMetadata': '{"openrouter":{"provider":"OpenAI","usage":{"cost":0.0000204}}}',
      }),
      call: { cost: { totalUsd: 0.0000204 } },
    },
    {
      rule: 'the gateway writes prices as text',
      span: doGenerate({
        'ai.response.providerMetadata':
          '{"gateway":{"cost":"0.0021","marketCost":"0.003","generationId":"gen_1"}}',
      }),
      call: { cost: { totalUsd: 0.0021 }, responseId: 'gen_1' },
    },
    {
      rule: 'a step repeats the price',
      span: v7('agent_step', { 'ai.response.providerMetadata': '{"openrouter":{"usage":{"cost":1}}}' }),
      absent: ['cost'],
    },
    {
      rule: 'milliseconds to the first chunk',
      span: sdk('ai.streamText.doStream', { 'ai.response.msToFirstChunk': 250 }),
      call: { timeToFirstTokenSeconds: 0.25 },
    },
    {
      rule: 'milliseconds of streamed objects',
      span: sdk('ai.streamObject.doStream', { 'ai.stream.msToFirstChunk': 250 }),
      call: { timeToFirstTokenSeconds: 0.25 },
    },
    {
      rule: 'seconds in version 7',
      span: v7('chat', { 'gen_ai.client.operation.time_to_first_chunk': 0.25 }),
      call: { timeToFirstTokenSeconds: 0.25 },
    },
    {
      rule: 'model, provider and id of the response',
      span: doGenerate({ 'ai.response.model': 'gpt-4o-mini-2024-07-18', 'ai.response.id': 'chatcmpl-1' }),
      call: {
        model: 'gpt-4o-mini-2024-07-18',
        requestedModel: 'gpt-4o-mini',
        provider: 'openai',
        responseId: 'chatcmpl-1',
        streaming: false,
      },
    },
    {
      rule: 'settings are parameters',
      span: doGenerate({
        'ai.settings.maxRetries': 2,
        'ai.settings.temperature': 0.5,
        'ai.settings.maxTokens': 10,
        'ai.prompt.toolChoice': '{"type":"auto"}',
      }),
      call: { parameters: { temperature: 0.5, max_tokens: 10, tool_choice: { type: 'auto' } } },
      absent: ['parameters.maxRetries'],
    },
    {
      rule: 'an answer that ended in an error is one',
      span: doGenerate({ 'ai.response.finishReason': 'error' }),
      call: { error: {}, finishReason: 'error' },
    },
    {
      rule: 'the function id names agent and call',
      span: doGenerate({ 'ai.telemetry.functionId': 'geo-answer' }),
      call: { agentName: 'geo-answer', trace: { generationName: 'geo-answer' } },
    },
  ]);
});

describe('identity and metadata', () => {
  for (const carrier of ['ai.telemetry.metadata', 'ai.settings.context']) {
    itReads([
      {
        rule: `${carrier}: user, session, tags and the rest`,
        span: doGenerate({
          [`${carrier}.userId`]: 'user-123',
          [`${carrier}.threadId`]: 'thread-1',
          [`${carrier}.plan`]: 'pro',
          [`${carrier}.tags`]: ['a', 'b'],
          [`${carrier}.nested`]: '{"a":1}',
        }),
        call: {
          trace: {
            user: 'user-123',
            sessionId: 'thread-1',
            tags: ['a', 'b'],
            metadata: { plan: 'pro', nested: { a: 1 }, threadId: 'thread-1' },
          },
        },
        absent: ['trace.metadata.userId', 'trace.metadata.tags'],
      },
      {
        rule: `${carrier}: PostHog's own keys`,
        span: doGenerate({
          'user.id': 'other',
          [`${carrier}.posthog_distinct_id`]: 'ph-1',
          [`${carrier}.$ai_session_id`]: 's-1',
          [`${carrier}.$ai_prompt_name`]: 'greeting',
          [`${carrier}.$ai_prompt_version`]: 3,
          [`${carrier}.$groups`]: '{"company":"acme"}',
        }),
        call: {
          promptName: 'greeting',
          promptVersion: 3,
          trace: { user: 'ph-1', sessionId: 's-1', groups: { company: 'acme' }, metadata: undefined },
        },
      },
    ]);
  }

  it('does not send request headers', () => {
    const result = readCall(span(doGenerate({ 'ai.request.headers.authorization': 'Bearer secret' })));
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it.each(['{"openrouter":', '[]', 'null', '{"openrouter":{"usage":{"cost":"free"}}}', '{"anthropic":[1]}'])(
    'lives with provider metadata %s',
    (metadata) => {
      const result = readCall(span(doGenerate({ 'ai.response.providerMetadata': metadata })));
      expect(result).toMatchObject({ type: 'call', call: { kind: 'generation', cost: undefined } });
    },
  );
});
